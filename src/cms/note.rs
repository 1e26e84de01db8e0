//! The stable words in [`SignerFacts::notes`](crate::model::SignerFacts::notes), and which of them a
//! signature cannot pass with.

/// An indefinite length was met (BER): what older signing tools write. Harmless.
pub const BER_INDEFINITE_LENGTH: &str = "ber-indefinite-length";
/// The value verifies over the DER encoding of the signed attributes, which are encoded otherwise
/// (RFC 5652, 5.4 asks for the former). Harmless.
pub const SIGNED_ATTRIBUTES_NOT_DER: &str = "signed-attributes-not-der";
/// A version number that RFC 5652, 5.1 and 5.3 do not know. Harmless.
pub const VERSION_UNEXPECTED: &str = "version-unexpected";
/// SignedData.digestAlgorithms does not list the signer's (RFC 5652, 5.1: "MAY fail"). Harmless.
pub const DIGEST_ALGORITHM_NOT_LISTED: &str = "digest-algorithm-not-listed";
/// An unsigned attribute whose type is not known was left alone. Harmless.
pub const UNDECODED_UNSIGNED_ATTRIBUTE: &str = "undecoded-unsigned-attribute";
/// The unsigned attributes are no attributes from some point on; a timestamp behind it is lost.
pub const UNSIGNED_ATTRIBUTES_MALFORMED: &str = "unsigned-attributes-malformed";
/// More timestamp tokens than are looked at; the others were left alone.
pub const TIMESTAMPS_LEFT_OUT: &str = "timestamps-left-out";
/// A member of the certificates field is no X.509 certificate (RFC 5652, 10.2.2). Harmless.
pub const OTHER_CERTIFICATE_FORMAT: &str = "other-certificate-format";
/// Revocation data in a form that cannot be read was left alone. Harmless.
pub const REVOCATION_DATA_UNREADABLE: &str = "revocation-data-unreadable";
/// signingTime is no instant. Harmless: it proves nothing in any case.
pub const SIGNING_TIME_MALFORMED: &str = "signing-time-malformed";
/// The signing-certificate attribute names the right hash but another issuer or serial number
/// (RFC 5035, 4). The hash decides.
pub const ESS_ISSUER_SERIAL_DIFFERS: &str = "ess-issuer-serial-differs";
/// The signing-certificate attribute cannot be read or uses an unknown hash: the certificate counts as
/// not named.
pub const ESS_UNREADABLE: &str = "ess-unreadable";

/// Bytes other than zero behind the CMS in /Contents.
pub const NONZERO_PADDING: &str = "nonzero-padding";
/// signatureAlgorithm implies another digest than digestAlgorithm names.
pub const DIGEST_ALGORITHM_DISAGREES: &str = "digest-algorithm-disagrees";
/// The cms-algorithm-protection attribute (RFC 6211) names other algorithms than are used.
pub const ALGORITHM_PROTECTION_VIOLATED: &str = "algorithm-protection-violated";
/// The content-type attribute differs from the type of the content (RFC 5652, 11.1).
pub const CONTENT_TYPE_WRONG: &str = "content-type-wrong";
/// The content-type attribute is missing beside other signed attributes (RFC 5652, 5.3).
pub const CONTENT_TYPE_MISSING: &str = "content-type-missing";
/// The content is no id-data where a document is signed (ETSI EN 319 142-1, 6.3).
pub const CONTENT_NOT_DATA: &str = "content-not-data";

/// Words with which a signature cannot pass, whatever its digest and value say.
pub const DISQUALIFYING: [&str; 6] = [
    NONZERO_PADDING,
    DIGEST_ALGORITHM_DISAGREES,
    ALGORITHM_PROTECTION_VIOLATED,
    CONTENT_TYPE_WRONG,
    CONTENT_TYPE_MISSING,
    CONTENT_NOT_DATA,
];

/// Adds a note once.
pub(super) fn add(notes: &mut Vec<String>, note: &str) {
    if !notes.iter().any(|known| known == note) {
        notes.push(note.to_owned());
    }
}
