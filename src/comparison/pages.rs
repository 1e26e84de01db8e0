//! What the pages of a scan or an e-document look like: computed once from a content.

use super::read;
use crate::duplicate::{FINGERPRINT_VERSION, PageFingerprint, fingerprint};
use crate::limits::Limits;
use crate::model::{Bilingual, NotAssessed};
use crate::raster::{self, Fault};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

/// Version of these facts: raised when drawing or reading pages changes.
pub(super) const VERSION: u32 = 1_000 + FINGERPRINT_VERSION;
/// Pixels of a page's shorter side: A4 at 200 dots an inch, at which digits can be told apart.
pub(super) const WIDTH: u32 = 1_654;

/// Pixels at which an e-document is drawn for its fingerprint: the frame's own, a third of the work.
const DRAWN_WIDTH: u32 = 1_000;

/// The pages of one content.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct PageFacts {
    /// Fingerprint of each page; an empty one for a page that could not be looked at.
    pub(super) pages: Vec<PageFingerprint>,
    /// Text: of an e-document what it prints, of a scan its text layer.
    pub(super) text: String,
    /// Why pages are missing, if any are.
    pub(super) fault: Option<Bilingual>,
}

impl PageFacts {
    fn note(&mut self, fault: &Fault) {
        self.fault.get_or_insert_with(|| describe(fault));
    }
}

/// The pages of a scan.
pub(super) fn of_scan(path: &Path, limits: &Limits) -> PageFacts {
    guarded(path, limits, |data| {
        let mut facts = PageFacts::default();
        let end = raster::scan_pages(data, WIDTH, limits, &mut |_, page| {
            match page {
                Ok(page) => {
                    facts.pages.push(fingerprint(&page.image));
                    facts.text.push_str(&page.text);
                    facts.text.push('\n');
                }
                Err(fault) => {
                    facts.pages.push(PageFingerprint::default());
                    facts.note(&fault);
                }
            }
            ControlFlow::Continue(())
        });
        match end {
            Ok(end) => {
                if let Some(hit) = end.hit {
                    facts.note(&Fault::Limit(hit));
                }
            }
            Err(fault) => facts.note(&fault),
        }
        facts
    })
}

/// The pages of an e-document, as they print.
pub(super) fn of_document(path: &Path, limits: &Limits) -> PageFacts {
    guarded(path, limits, |data| {
        let mut facts = PageFacts::default();
        let pages = u32::try_from(limits.printed_pages).unwrap_or(u32::MAX);
        for index in 0..pages {
            match raster::printed_page(data, index, DRAWN_WIDTH, limits) {
                Ok(page) => {
                    facts.pages.push(enlarged(fingerprint(&page.image)));
                    facts.text.push_str(&raster::text_of(&page.glyphs));
                    facts.text.push('\n');
                }
                Err(Fault::Empty) => break,
                Err(fault) => {
                    facts.pages.push(PageFingerprint::default());
                    facts.note(&fault);
                    // A file that cannot be opened cannot be opened again.
                    if matches!(fault, Fault::Damaged | Fault::Encrypted) {
                        break;
                    }
                }
            }
        }
        facts
    })
}

/// The fingerprint as of a drawing [`WIDTH`] pixels wide.
fn enlarged(mut fingerprint: PageFingerprint) -> PageFingerprint {
    #[allow(clippy::cast_precision_loss, reason = "small numbers")]
    let scale = WIDTH as f32 / DRAWN_WIDTH as f32;
    fingerprint.to_image.iter_mut().for_each(|coefficient| *coefficient *= scale);
    fingerprint
}

/// Reads the file and looks at it; a fault of this program or a library in one file stays with that file.
fn guarded(path: &Path, limits: &Limits, look: impl FnOnce(&Arc<Vec<u8>>) -> PageFacts) -> PageFacts {
    let failed = |fault: Bilingual| PageFacts { fault: Some(fault), ..PageFacts::default() };
    match read(path, limits) {
        Ok(data) => catch_unwind(AssertUnwindSafe(|| look(&Arc::new(data)))).unwrap_or_else(|_| {
            failed(Bilingual::new("lỗi của chương trình khi vẽ trang", "a fault of this program while drawing"))
        }),
        Err(NotAssessed::Limit(hit)) => failed(describe(&Fault::Limit(hit))),
        Err(_) => failed(Bilingual::new("không đọc được tệp", "the file cannot be read")),
    }
}

/// A fault in words.
pub(super) fn describe(fault: &Fault) -> Bilingual {
    match fault {
        Fault::Format => Bilingual::new("không phải định dạng ảnh hay PDF đã biết", "no known image format or PDF"),
        Fault::Damaged => Bilingual::new("ảnh hoặc tệp hỏng", "damaged image or file"),
        Fault::Unsupported(what) => Bilingual::new(
            format!("kiểu mã hoá ảnh chưa hỗ trợ ({what})"),
            format!("unsupported image coding ({what})"),
        ),
        Fault::Encrypted => Bilingual::new("tệp có mật khẩu", "encrypted"),
        Fault::Empty => Bilingual::new("trang không có ảnh", "no image on the page"),
        Fault::Limit(hit) => Bilingual::new(
            format!("vượt giới hạn {} = {}", hit.limit, hit.value),
            format!("beyond the bound {} = {}", hit.limit, hit.value),
        ),
    }
}
