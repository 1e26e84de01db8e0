//! What was found in a document: free of policy, computed once from its bytes, cached by content hash.
//!
//! Facts say "the digest matches" and "this certificate was embedded"; whether that makes a lawful
//! signature is judged elsewhere, from these facts and the trust, revocation and law of the day.

use super::{IdentityFacts, PackageFacts, Sha256Digest, UnixTime};
use serde::{Deserialize, Serialize};

/// Version of the extraction: cached facts of another version are extracted anew.
pub const EXTRACTOR_VERSION: u32 = 6;

/// Everything known of one file's content.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DocumentFacts {
    /// SHA-256 of the whole file.
    pub sha256: Sha256Digest,
    /// Length in bytes.
    pub size: u64,
    /// What the bytes were.
    pub content: Content,
}

/// A judged document or the reason why it cannot be judged.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Content {
    /// A PDF whose structure could be followed.
    Pdf(Box<PdfFacts>),
    /// The file could not be judged. It stays in view and widens the rate interval.
    NotAssessed(NotAssessed),
    /// An edXML package of the exchange axis.
    Package(Box<PackageFacts>),
    /// An image file: a scan, which no signature can cover.
    Image(ImageFormat),
}

/// Format of an image file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ImageFormat {
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// PNG (W3C).
    Png,
    /// TIFF 6.0 or BigTIFF, one page or many.
    Tiff,
}

/// Why a file could not be judged.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum NotAssessed {
    /// Zero bytes.
    Empty,
    /// No PDF header.
    NotPdf,
    /// The end of the file is missing.
    Truncated,
    /// Encrypted, and the empty user password does not open it.
    Encrypted,
    /// The structure is beyond repair; says what was met.
    Structure(String),
    /// A limit of [`crate::limits::Limits`] was reached.
    Limit(LimitHit),
    /// The operating system did not let us read it.
    Unreadable(String),
    /// Size or modification time changed while it was read.
    ChangedWhileReading,
    /// A fault of this program while reading this file; the text is for the bug report.
    InternalFault(String),
}

/// A bound that was reached: a fact of the report, never a silent truncation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LimitHit {
    /// Name of the field of `Limits`.
    pub limit: String,
    /// Its value in force.
    pub value: u64,
}

/// What a PDF holds.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct PdfFacts {
    /// Number of pages in the newest revision.
    pub pages: u32,
    /// Every revision, oldest first (ISO 32000-2, 7.5.6).
    pub revisions: Vec<RevisionFacts>,
    /// SHA-256 of the file as it may have been stored after each earlier revision: length and digest.
    /// A file with such a digest is an earlier signing pass of this one.
    pub prefixes: Vec<(u64, Sha256Digest)>,
    /// Every signature field with a value, ordered by the end of its signed range, then by field name.
    pub signatures: Vec<SignatureFacts>,
    /// Signature fields without a value.
    pub empty_signature_fields: u32,
    /// What page 1 (and the signature block) says the document is.
    pub identity: IdentityFacts,
    /// Producer entry of the newest /Info.
    pub producer: Option<String>,
    /// Structural oddities that no signature owns.
    pub notes: Vec<StructureNote>,
    /// The document-wide security store (/DSS) over all revisions.
    pub security_store: SecurityStoreFacts,
}

/// One revision: an xref section with its trailer and the bytes that belong to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RevisionFacts {
    /// Offset just behind the revision's last byte (behind `%%EOF` and its line end).
    pub end: u64,
    /// How its objects are listed.
    pub xref: XrefKind,
}

/// Form of a cross-reference section (ISO 32000-2, 7.5.4 and 7.5.8).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum XrefKind {
    /// Table.
    Table,
    /// Stream.
    Stream,
    /// Table with /XRefStm.
    Hybrid,
    /// Rebuilt by scanning for objects: the file's own sections are unusable.
    Repaired,
}

/// A structural oddity of the file as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum StructureNote {
    /// Bytes before `%PDF-`.
    BytesBeforeHeader(u64),
    /// Bytes that belong to no parsed revision: offset, length.
    UnaccountedBytes(u64, u64),
    /// The cross-reference sections were unusable and rebuilt.
    Repaired,
    /// Two readers see a different document; names what differs.
    ReadersDisagree(String),
    /// Encrypted; opened with the empty user password.
    EncryptedWithEmptyPassword,
    /// Part of the pages was not read; says which.
    PagesUnread(String),
    /// Objects or content present but hidden, with a description.
    HiddenContent(String),
}

/// Validation data found in /DSS and /VRI of any revision.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SecurityStoreFacts {
    /// Certificates (blobs by SHA-256 of the DER).
    pub certificates: Vec<Sha256Digest>,
    /// CRLs.
    pub crls: Vec<Sha256Digest>,
    /// OCSP responses.
    pub ocsp_responses: Vec<Sha256Digest>,
}

/// Kind of a signature field's value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureKind {
    /// /Type /Sig.
    Signature,
    /// /Type /DocTimeStamp or SubFilter ETSI.RFC3161.
    DocumentTimestamp,
}

/// One signature field with a value.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SignatureFacts {
    /// Fully qualified field name.
    pub field: String,
    /// Signature or document timestamp.
    pub kind: SignatureKind,
    /// /SubFilter as written; `None` if absent.
    pub sub_filter: Option<String>,
    /// Index into [`PdfFacts::revisions`] of the revision that the range ends in; `None` if at no end.
    pub revision: Option<u32>,
    /// Reached through /AcroForm /Fields (else only through a page's /Annots).
    pub in_acro_form: bool,
    /// /ByteRange and how it lies over the file.
    pub byte_range: ByteRangeFacts,
    /// Certification level (DocMDP /P) if this signature certifies.
    pub certification: Option<u8>,
    /// What changed after the signed revision.
    pub modification: ModificationFacts,
    /// /M: the computer's clock.
    pub claimed_time: Option<UnixTime>,
    /// Where and how the signature shows.
    pub appearance: Option<AppearanceFacts>,
    /// The CMS in /Contents.
    pub cms: CmsFacts,
}

/// /ByteRange over the file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ByteRangeFacts {
    /// The numbers as written.
    pub values: Vec<i64>,
    /// How they lie.
    pub layout: RangeLayout,
    /// Whether the range ends at the end of the file.
    pub reaches_end: bool,
}

/// How a /ByteRange lies over the file (ISO 32000-2, 12.8.1; domain README section 5).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum RangeLayout {
    /// Starts at 0, two ranges, the gap is exactly this signature's /Contents string.
    Exact,
    /// The gap is not at this signature's /Contents at all, or a range reaches beyond the end of the
    /// file: what a rewritten file looks like.
    Displaced,
    /// The gap holds this signature's /Contents, but not exactly, or more gaps than one; says how.
    Inexact(String),
    /// Missing, wrong number of entries, negative, unsorted or overlapping; says which.
    Malformed(String),
}

/// What changed between the signed revision and the newest.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ModificationFacts {
    /// The verdict of the whitelist rules.
    pub level: ModificationLevel,
    /// Each change that is not mere bookkeeping, in file order.
    pub changes: Vec<Change>,
}

/// How far later revisions went.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum ModificationLevel {
    /// Nothing follows the signed revision.
    None,
    /// Security store, document timestamps, bookkeeping.
    LongTermValidation,
    /// New signatures and permitted form filling.
    FormFilling,
    /// Annotations permitted by DocMDP P=3.
    Annotation,
    /// A structural doubt that the rules cannot settle.
    Suspicious,
    /// A change that the signature's permissions forbid.
    Forbidden,
    /// Cannot be determined (the signed revision is not there any more).
    Unknown,
}

/// One explained change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// Index of the revision that made it.
    pub revision: u32,
    /// The level it amounts to.
    pub level: ModificationLevel,
    /// The object (number, generation) where one is concerned.
    pub object: Option<(u32, u16)>,
    /// A stable word, e.g. `page-content`, `signature-field-added`, `annotation-added`.
    pub rule: String,
    /// What exactly, in English technical terms.
    pub detail: String,
}

/// How a signature shows on the page.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AppearanceFacts {
    /// Page number, 1 for the first.
    pub page: u32,
    /// Left, bottom, right, top in default user space units.
    pub rectangle: [f32; 4],
    /// Text drawn by /AP /N and its nested forms, in reading order.
    pub text: String,
    /// SHA-256 of the decoded or raw data of each image drawn (same seal, same digest).
    pub images: Vec<Sha256Digest>,
}

/// Outcome of comparing a digest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum DigestOutcome {
    /// Equal.
    Matches,
    /// Different.
    Differs,
    /// Not computable: range outside the file, unknown algorithm, wrong length, attribute missing.
    NotComputable,
}

/// Outcome of verifying a signature value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ValueOutcome {
    /// Verifies with the signer certificate's key.
    Verifies,
    /// RSA PKCS#1 v1.5 verifies with the DigestInfo that lacks the NULL parameter (exact comparison).
    VerifiesWithoutNull,
    /// ECDSA named by id-ecPublicKey verifies with the digestAlgorithm.
    VerifiesNamedByKey,
    /// Does not verify.
    Wrong,
    /// The algorithm (OID or short description) is not supported.
    Unsupported(String),
    /// No certificate for this signer was found.
    NoCertificate,
}

impl ValueOutcome {
    /// Whether the value is right under one of the exact encodings.
    pub fn is_right(&self) -> bool {
        matches!(self, Self::Verifies | Self::VerifiesWithoutNull | Self::VerifiesNamedByKey)
    }
}

/// The CMS SignedData of a signature or timestamp (RFC 5652).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum CmsFacts {
    /// Parsed.
    Parsed(Box<SignerFacts>),
    /// Could not be used; says why.
    Malformed(String),
    /// /Contents missing, null, empty or not a direct string; says which.
    Absent(String),
}

/// The one SignerInfo and what hangs on it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SignerFacts {
    /// Digest algorithm (name such as `SHA-256`, else dotted OID).
    pub digest_algorithm: String,
    /// Signature algorithm in words: `RSA PKCS#1 v1.5`, `RSA PSS`, `ECDSA P-384`, `Ed25519`, else OID.
    pub signature_algorithm: String,
    /// Size of the signer's public key in bits.
    pub key_bits: Option<u32>,
    /// messageDigest (or eContent digest) against the signed range.
    pub digest: DigestOutcome,
    /// Signature value over the attributes (or the content when there are none).
    pub value: ValueOutcome,
    /// The certificate that the value was checked with.
    pub certificate: Option<Sha256Digest>,
    /// All certificates carried, signer's included.
    pub certificates: Vec<Sha256Digest>,
    /// CRLs carried (CMS crls field and Adobe revocation archival attribute).
    pub crls: Vec<Sha256Digest>,
    /// OCSP responses carried.
    pub ocsp_responses: Vec<Sha256Digest>,
    /// Signed attribute signingTime.
    pub signing_time: Option<UnixTime>,
    /// ESS signing-certificate(-v2) (RFC 5035): absent, or whether it names the certificate used.
    pub ess_certificate: Option<bool>,
    /// Signed attributes were present.
    pub signed_attributes: bool,
    /// Timestamp tokens in unsigned attributes.
    pub timestamps: Vec<TimestampFacts>,
    /// Oddities, each a stable word: `ber-indefinite-length`, `digest-algorithm-disagrees`,
    /// `content-type-wrong`, `nonzero-padding`, `undecoded-unsigned-attribute`, …
    pub notes: Vec<String>,
}

/// An RFC 3161 token: an unsigned attribute, or the /Contents of a document timestamp.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TimestampFacts {
    /// messageImprint against what it has to cover.
    pub imprint: DigestOutcome,
    /// Hash algorithm of the imprint.
    pub imprint_algorithm: String,
    /// genTime.
    pub generation_time: Option<UnixTime>,
    /// TSA policy, dotted.
    pub policy: Option<String>,
    /// The token's own signature; its `timestamps` are empty.
    pub signer: CmsFacts,
}

/// Raw DER found in a document, kept once by hash.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Blob {
    /// SHA-256 of `der`.
    pub sha256: Sha256Digest,
    /// What it is.
    pub kind: BlobKind,
    /// The bytes.
    pub der: Vec<u8>,
}

/// Kind of a [`Blob`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum BlobKind {
    /// X.509 certificate.
    Certificate,
    /// X.509 CRL.
    Crl,
    /// OCSPResponse (RFC 6960).
    OcspResponse,
}
