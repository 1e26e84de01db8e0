//! The standard's word on a signature (ETSI EN 319 102-1 V1.3.1, clause 5) and what stands beside it.

use super::{Bilingual, Sha256Digest, SignatureKind, UnixTime};
use serde::{Deserialize, Serialize};

/// Main status (EN 319 102-1, 5.1.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub enum Indication {
    /// Hợp lệ.
    TotalPassed,
    /// Chưa xác định.
    Indeterminate,
    /// Không hợp lệ.
    TotalFailed,
}

/// Sub-indication (EN 319 102-1 V1.3.1, table 5 and 6).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubIndication {
    /// The signature does not conform to its format.
    FormatFailure,
    /// A hash of signed data does not match.
    HashFailure,
    /// The signature value is wrong.
    SigCryptoFailure,
    /// Revoked at signing.
    Revoked,
    /// Expired at signing, proven.
    Expired,
    /// Not yet valid at signing.
    NotYetValid,
    /// A constraint on the signature is not met.
    SigConstraintsFailure,
    /// A constraint on the chain is not met.
    ChainConstraintsFailure,
    /// Chain building met a general problem.
    CertificateChainGeneralFailure,
    /// An algorithm was too weak at the time.
    CryptoConstraintsFailure,
    /// An algorithm is too weak and no proof of existence before that.
    CryptoConstraintsFailureNoPoe,
    /// No chain to a trust anchor.
    NoCertificateChainFound,
    /// No certificate for the signer.
    NoSigningCertificateFound,
    /// Revoked, no proof that the signature existed before.
    RevokedNoPoe,
    /// A CA was revoked, no proof of existence before.
    RevokedCaNoPoe,
    /// Outside validity and not revoked, no proof of existence.
    OutOfBoundsNotRevoked,
    /// Outside validity, no proof of existence inside.
    OutOfBoundsNoPoe,
    /// Timestamp order is wrong.
    TimestampOrderFailure,
    /// A needed proof of existence is missing.
    NoPoe,
    /// Revocation status cannot be had now.
    TryLater,
    /// Signed data is not available.
    SignedDataNotFound,
    /// Anything else, said in the reason.
    Generic,
}

/// Building blocks of EN 319 102-1, clause 5.2 to 5.6, plus the two a PDF needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuildingBlock {
    /// 5.2.2.
    FormatChecking,
    /// 5.2.3.
    SignerIdentification,
    /// 5.2.6.
    CertificateValidation,
    /// Revocation status of the path (5.2.5 with 5.2.6).
    RevocationFreshness,
    /// 5.2.7.
    CryptographicVerification,
    /// 5.2.8.
    SignatureAcceptance,
    /// 5.4.
    TimestampValidation,
    /// Later revisions against the permissions (ISO 32000-2, 12.8.2).
    DocumentModification,
}

/// What one building block concluded and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Conclusion {
    /// The block.
    pub block: BuildingBlock,
    /// Its status.
    pub indication: Indication,
    /// Its sub-indication when not passed.
    pub sub_indication: Option<SubIndication>,
    /// What was checked, with what, and why this conclusion.
    pub reason: Bilingual,
}

/// Are the signed bytes what was signed?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Integrity {
    /// Digest and value are right over an exact range.
    Intact,
    /// They are not.
    Broken,
    /// Cannot be told.
    Unknown,
}

/// What later revisions did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Modification {
    /// Nothing was added.
    None,
    /// Only what is permitted.
    Permitted,
    /// A doubt.
    Suspicious,
    /// A forbidden change.
    Forbidden,
    /// Cannot be told.
    Unknown,
}

/// How much of the file the range covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// To the end of the file.
    WholeFile,
    /// To the end of an earlier revision.
    Revision,
    /// Less.
    Partial,
}

/// PAdES baseline level (ETSI EN 319 142-1, clause 6).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum BaselineLevel {
    /// Basic.
    #[serde(rename = "B-B")]
    B,
    /// With a timestamp.
    #[serde(rename = "B-T")]
    T,
    /// With validation data.
    #[serde(rename = "B-LT")]
    Lt,
    /// With an archive timestamp.
    #[serde(rename = "B-LTA")]
    Lta,
}

/// Whose certificate it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A person.
    Person,
    /// An agency or organisation.
    Agency,
    /// Not classified.
    Unknown,
}

/// Where the path ends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    /// A confirmed specialised root (chữ ký số chuyên dùng công vụ).
    Specialised,
    /// A confirmed public root: sound, but the wrong kind.
    Public,
    /// A complete path to something that is no anchor.
    Untrusted,
    /// A root that the operator has not confirmed.
    Unconfirmed,
    /// No complete path could be built.
    Unknown,
}

/// Which moment each certificate of a path has to be valid at (the term "validity model": ETSI EN 319 102-1,
/// 5.2.6; BSI TR-02103, 3.4).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValidityModel {
    /// Every certificate at the time of signing (RFC 5280, 6.1.3 (a) (2)).
    #[default]
    Shell,
    /// Each certificate when it was used: the signer's at the time of signing, an issuer's when it issued
    /// the certificate below.
    Chain,
}

/// Where the reference time comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeSource {
    /// A verified timestamp.
    Timestamp,
    /// signingTime or /M: giờ tự khai.
    Claimed,
    /// There is none.
    None,
}

/// Revocation status at the reference time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RevocationStatus {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked,
    /// No evidence answers.
    Unknown,
}

/// A stable word with parameters that a check turns into a finding or a note.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VerdictNote {
    /// For example `rsa-digest-info-without-null`, `algorithm-weak`, `signing-time-plus-7h`,
    /// `certificate-name-known-key-not`, `timestamp-imprint-sha1`.
    pub code: String,
    /// What it is about.
    pub detail: String,
}

/// The verdict on one signature.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SignatureVerdict {
    /// Fully qualified field name.
    pub field: String,
    /// Signature or document timestamp.
    pub kind: SignatureKind,
    /// /SubFilter as written.
    pub sub_filter: Option<String>,
    /// Main status.
    pub indication: Indication,
    /// Sub-indication when not passed.
    pub sub_indication: Option<SubIndication>,
    /// Signed bytes.
    pub integrity: Integrity,
    /// Later revisions.
    pub modification: Modification,
    /// Range over the file.
    pub coverage: Coverage,
    /// Baseline level reached, if passed the cryptography.
    pub level: Option<BaselineLevel>,
    /// Person or agency.
    pub role: Role,
    /// The signature is of a republisher (portal, gazette) known to the organisation table or override.
    pub republisher: bool,
    /// Where the path ends.
    pub trust: Trust,
    /// CN of the signer.
    pub signer: Option<String>,
    /// Managing organisation of the certificate (O and OU).
    pub organisation: Option<String>,
    /// CN of the issuer.
    pub issuer: Option<String>,
    /// The moment at which everything was judged.
    pub reference_time: Option<UnixTime>,
    /// Where it comes from.
    pub time_source: TimeSource,
    /// Revocation at that moment.
    pub revocation: RevocationStatus,
    /// Revocation date and reason if revoked.
    pub revoked: Option<(UnixTime, String)>,
    /// Validity of the signer certificate.
    pub certificate_validity: Option<(UnixTime, UnixTime)>,
    /// SHA-256 of the signer certificate.
    pub certificate: Option<Sha256Digest>,
    /// SHA-256 of each path certificate above it, up to the anchor.
    pub path: Vec<Sha256Digest>,
    /// SHA-256 of each CRL and OCSP response used.
    pub revocation_evidence: Vec<Sha256Digest>,
    /// The bytes signed: /ByteRange.
    pub byte_range: Vec<i64>,
    /// The first reason why it did not pass, as a check id (`signature-value-invalid`, …).
    pub cause: Option<String>,
    /// One conclusion per building block.
    pub conclusions: Vec<Conclusion>,
    /// Oddities for the checks.
    pub notes: Vec<VerdictNote>,
}
