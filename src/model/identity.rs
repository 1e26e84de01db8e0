//! What a document says of itself on its pages.

use super::CalendarDate;
use serde::{Deserialize, Serialize};

/// Identity as read from page text and signature appearances. Texts are as printed (NFC); reading
/// them into number and symbol is [`crate::reference`]'s work.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct IdentityFacts {
    /// The "Số:" line of the top-left block, joined with appearances that fill its blanks, e.g.
    /// `512/SNV-BTXH`; `None` if there is no such line.
    pub reference: Option<String>,
    /// Where the number in `reference` came from.
    pub number_source: TextSource,
    /// The place-and-date line, e.g. `An Bình, ngày 05 tháng 10 năm 2026`, blanks filled.
    pub date_line: Option<String>,
    /// The day it names, if it exists.
    pub date: Option<CalendarDate>,
    /// Where day or month came from.
    pub date_source: TextSource,
    /// Superior agency line(s) of the top-left block.
    pub superior: Option<String>,
    /// Issuing agency line(s) of the top-left block.
    pub agency: Option<String>,
    /// Type named in the title (QUYẾT ĐỊNH, THÔNG BÁO …), upper case as printed; `None` for công văn.
    pub document_type: Option<String>,
    /// Subject (trích yếu; "V/v …" for công văn).
    pub subject: Option<String>,
    /// "Lưu: VT, BTXH." line.
    pub archive_line: Option<String>,
    /// KT., TL., TUQ., TM., Q. and title above the signature.
    pub signer_title: Option<String>,
    /// Full name under the signature.
    pub signer_name: Option<String>,
    /// Where title and name stand; `None` without both, or on a turned page.
    pub signing_place: Option<SigningPlace>,
    /// SAO Y, SAO LỤC, TRÍCH SAO as a form-of-copy mark.
    pub copy_form: Option<CopyForm>,
    /// MẬT, TỐI MẬT, TUYỆT MẬT as a standalone upper-case mark on page 1.
    pub secrecy: Option<Secrecy>,
    /// KHẨN, THƯỢNG KHẨN, HỎA TỐC.
    pub urgency: Option<String>,
    /// How the text layer is encoded.
    pub encoding: TextEncoding,
    /// What the pages are made of.
    pub make_up: PageMakeUp,
}

/// The signing block on its page: from the first line of the title to the name.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct SigningPlace {
    /// Page number, 1 for the first.
    pub page: u32,
    /// Left, bottom, right, top in default user space units.
    pub rectangle: [f32; 4],
}

/// Where a piece of text was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum TextSource {
    /// Not found.
    #[default]
    None,
    /// Page text, text annotations and text fields included.
    Page,
    /// Appearance of a signature (joined with page text).
    Appearance,
}

/// Form of a certified copy (Decree 30, Điều 25).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CopyForm {
    /// SAO Y.
    CertifiedCopy,
    /// SAO LỤC.
    CopyOfCopy,
    /// TRÍCH SAO.
    Extract,
}

/// Secrecy mark (Decree 30, PL I, box 10a).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Secrecy {
    /// MẬT.
    Confidential,
    /// TỐI MẬT.
    Secret,
    /// TUYỆT MẬT.
    TopSecret,
}

/// Encoding of the text layer.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum TextEncoding {
    /// No text at all.
    #[default]
    NoText,
    /// Unicode, composed.
    Unicode,
    /// Unicode, decomposed (NFD).
    Decomposed,
    /// TCVN3 (ABC) bytes.
    Tcvn3,
    /// VNI bytes.
    Vni,
    /// Fonts without ToUnicode whose text cannot be read.
    NoToUnicode,
    /// Windows code page 1258 bytes shown as Latin-1.
    Windows1258,
}

/// What the pages are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PageMakeUp {
    /// Pages looked at.
    pub pages_read: u32,
    /// Pages whose visible content is one or more images and no visible text.
    pub image_only_pages: u32,
    /// Characters of text on the pages looked at.
    pub characters: u32,
    /// Invisible text (render mode 3) was present: an OCR layer.
    pub ocr_layer: bool,
    /// Images drawn in the content of the signing block's page, between the signer's title and name or
    /// beside that, of the size of a signature or seal (8 to 90 mm, ours). Not those of signature
    /// appearances, and none on a page that is an image itself. They may be anything: they are not decoded.
    pub signing_images: u8,
}
