//! What an edXML package of the exchange axis says (QCVN 102:2016; domain README section 8), as written:
//! whether it agrees with the archive is judged elsewhere.

use super::{CalendarDate, LimitHit, Sha256Digest, UnixTime};
use serde::{Deserialize, Serialize};

/// One edXML package.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PackageFacts {
    /// `DocumentId`, e.g. `000.00.09.H99,2026/10/02,512/SNV-VP`.
    pub document_id: Option<String>,
    /// `Code/CodeNumber`. Some vendors swap it with the notation.
    pub code_number: Option<String>,
    /// `Code/CodeNotation`.
    pub code_notation: Option<String>,
    /// `PromulgationInfo/PromulgationDate` as written.
    pub date_text: Option<String>,
    /// The day it names, if it exists.
    pub date: Option<CalendarDate>,
    /// `DocumentType/TypeName`.
    pub type_name: Option<String>,
    /// `Subject`.
    pub subject: Option<String>,
    /// `SignerInfo/FullName`.
    pub signer: Option<String>,
    /// Sender.
    pub from: PackageParty,
    /// Receivers.
    pub to: Vec<PackageParty>,
    /// `Bussiness/BussinessDocType`.
    pub action: PackageAction,
    /// `Bussiness/Paper`. 1 declares paper; 0 or absent proves nothing; more is misuse as a page count.
    pub paper: Option<u32>,
    /// Documents that it answers, reports on or recalls: `ResponseFor` and `Bussiness/DocumentId`.
    pub concerns: Vec<PackageReference>,
    /// Documents that it replaces: `ReplacementInfo/DocumentId`.
    pub replaces: Vec<String>,
    /// A status report of a receiver.
    pub status: Option<PackageStatus>,
    /// Time of the first `TraceHeader`: when it was sent. Without a zone, Vietnam time is assumed.
    pub sent: Option<UnixTime>,
    /// Attachments carried, in order.
    pub attachments: Vec<PackageAttachment>,
    /// Attachments named by the manifest.
    pub listed_attachments: u32,
    /// XML signature.
    pub signature: PackageSignature,
}

/// A party of the exchange.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PackageParty {
    /// `OrganId`.
    pub organ_id: Option<String>,
    /// `OrganName`.
    pub name: Option<String>,
}

/// A document named by another package.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PackageReference {
    /// `OrganId`: whose document.
    pub organ_id: Option<String>,
    /// `Code`: number and notation in one text.
    pub code: Option<String>,
    /// `PromulgationDate`.
    pub date: Option<CalendarDate>,
    /// `DocumentId`.
    pub document_id: Option<String>,
}

/// What a package does with its document.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum PackageAction {
    /// 0, or not said: sends it.
    #[default]
    New,
    /// 1: recalls it.
    Recall,
    /// 2: sends it again, changed in its data.
    Update,
    /// 3: sends it in place of others.
    Replace,
    /// Another code, as written.
    Other(String),
}

/// A status report.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PackageStatus {
    /// `StatusCode` as a number: 1 arrived, 2 refused, 3 received, 4 awaiting assignment, 5 in process,
    /// 6 done, 13 recall asked, 15 recall agreed, 16 recall refused. `None`: no number.
    pub code: Option<u32>,
    /// `Timestamp`.
    pub time: Option<UnixTime>,
}

/// One attachment.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PackageAttachment {
    /// `AttachmentName`.
    pub name: Option<String>,
    /// What its content decoded to.
    pub content: AttachmentContent,
}

/// Content of an attachment.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum AttachmentContent {
    /// Decoded from base64; with the files inside where it is a ZIP or gzip wrapping.
    Decoded {
        /// The decoded bytes and, where they are a wrapping, each file inside.
        files: Vec<AttachedFile>,
    },
    /// No content.
    #[default]
    Empty,
    /// Not base64, or a wrapping that cannot be opened; says which.
    Undecodable(String),
    /// A limit was reached.
    Limit(LimitHit),
}

/// Bytes carried by an attachment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AttachedFile {
    /// SHA-256.
    pub sha256: Sha256Digest,
    /// Length.
    pub size: u64,
}

/// The XML signature of a package (XMLDSig 1.0 and 1.1).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum PackageSignature {
    /// None, or an empty frame: the normal case.
    #[default]
    Absent,
    /// Digests and value are right with the key of the certificate carried.
    Verifies,
    /// A digest or the value is wrong; says which.
    Invalid(String),
    /// Could not be checked; says why.
    Undecided(String),
}
