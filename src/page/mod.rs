//! What the pages show: text in reading order, signature appearances, the identity they state.
//!
//! Only hayro-syntax opens the file; images are never decoded; page 1 is read, and of the other pages
//! only what the signing block and the make-up of a scan need.

mod appearance;
mod cmap;
mod content;
mod encoding;
mod font;
mod geometry;
mod guard;
mod header;
mod layout;
mod legacy;
mod marks;
mod outline;
mod signing;
mod stream;
mod walk;

use crate::limits::Limits;
use crate::model::{
    AppearanceFacts, IdentityFacts, LimitHit, Outline, PageMakeUp, Sha256Digest, SigningPlace, TextEncoding,
};
use font::FontCache;
use geometry::{Box2, Matrix, View};
pub use guard::{check_drawing, check_image};
use hayro_syntax::object::{Array, Object, Stream};
use hayro_syntax::page::Page;
use hayro_syntax::{LoadPdfError, Pdf};
use header::Stamp;
use layout::{Found, Run};
use legacy::Legacy;
use std::sync::Arc;
use stream::{Budget, decode};
use walk::{DrawnImage, Shown, Walker};

/// Pages besides the first that are searched for the signing block: those with a signature widget, the
/// last, and the ones behind the first (measured: one to three pages before appendices).
const MAX_BLOCK_PAGES: usize = 4;
/// Pages besides the first whose make-up is taken when the first is an image.
const MAX_SCAN_PAGES: usize = 16;
/// Share of the page that images must cover for the page to be an image (ours).
const IMAGE_COVER: f32 = 0.5;
/// Visible characters that an image-only page may carry: a scanning tool's mark or a page number (ours).
const STRAY_CHARACTERS: u32 = 32;
/// Invisible characters from which on they are a text layer.
const OCR_CHARACTERS: u32 = 16;

/// What was read from the pages.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PageFacts {
    /// What the document says of itself.
    pub identity: IdentityFacts,
    /// Appearances of the signature fields with a value that have a widget on a page, in page order.
    pub appearances: Vec<FieldAppearance>,
    /// Number of pages.
    pub pages: u32,
    /// What this reader takes the document to be; `None` if it could not open it.
    pub outline: Option<Outline>,
    /// What could not be read as usual.
    pub notes: Vec<PageNote>,
}

/// The appearance of one signature field.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldAppearance {
    /// Fully qualified field name.
    pub field: String,
    /// Object and generation number of the widget annotation; `None` if it is a direct object.
    pub object: Option<(u32, i32)>,
    /// Where it is and what it shows.
    pub appearance: AppearanceFacts,
}

/// A limitation of the reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PageNote {
    /// The reader of page content could not open the file.
    NotOpened,
    /// The file is encrypted and the empty password does not open it.
    Encrypted,
    /// The file has no pages.
    NoPages,
    /// A bound was reached: what lies behind it was not read.
    Limit(LimitHit),
    /// Page 1 shows no text of its own: the identity was taken from its OCR layer, which may misread.
    IdentityFromOcrLayer,
    /// The content of page 1 could not be decoded.
    ContentUnreadable,
}

/// Opens the newest revision and reads what its pages show. `data` is shared, not copied. `digest` computes
/// the SHA-256 of image data as stored in the file. Never fails: what could not be read is in the notes.
///
/// hayro-syntax inflates object streams without a bound and rebuilds broken cross-references in time that
/// hostile input can stretch: the caller checks structure first.
pub fn read<T>(data: Arc<T>, limits: &Limits, digest: &dyn Fn(&[u8]) -> Sha256Digest) -> PageFacts
where
    T: AsRef<[u8]> + Send + Sync + 'static,
{
    let pdf = match Pdf::new(data) {
        Ok(pdf) => pdf,
        Err(error) => {
            let note = match error {
                LoadPdfError::Decryption(_) => PageNote::Encrypted,
                LoadPdfError::Invalid => PageNote::NotOpened,
            };
            return PageFacts { notes: vec![note], ..PageFacts::default() };
        }
    };
    Reader::new(&pdf, limits).read(digest)
}

/// One page, read.
struct PageText {
    runs: Vec<Run>,
    found: Found,
    /// Images drawn on the page; none of a page that is an image itself.
    images: Vec<DrawnImage>,
    view: View,
    make_up: PageMakeUp,
    shown_unreadable: u32,
    shown_readable: u32,
    from_ocr: bool,
}

struct Reader<'a> {
    pages: &'a [Page<'a>],
    pdf: &'a Pdf,
    limits: &'a Limits,
    fonts: FontCache,
    budget: Budget,
    notes: Vec<PageNote>,
}

impl<'a> Reader<'a> {
    fn new(pdf: &'a Pdf, limits: &'a Limits) -> Self {
        Self {
            pages: pdf.pages(),
            pdf,
            limits,
            fonts: FontCache::default(),
            budget: Budget::new(limits),
            notes: Vec::new(),
        }
    }

    fn read(mut self, digest: &dyn Fn(&[u8]) -> Sha256Digest) -> PageFacts {
        let mut facts =
            PageFacts { pages: u32::try_from(self.pages.len()).unwrap_or(u32::MAX), ..PageFacts::default() };
        let Some(first) = self.page(0, true) else {
            self.notes.push(PageNote::NoPages);
            facts.notes = self.notes;
            return facts;
        };
        facts.outline = Some(outline::read(self.pdf, self.limits, &mut self.budget));
        let (appearances, stamps) = self.appearances(digest);
        facts.appearances = appearances;
        facts.identity = self.identity(&first, &stamps);
        if first.from_ocr {
            self.notes.push(PageNote::IdentityFromOcrLayer);
        }
        facts.notes = self.notes;
        facts.notes.extend(self.budget.into_hit().map(PageNote::Limit));
        facts
    }

    /// Appearances in page order, and their texts by page as stamps.
    fn appearances(&mut self, digest: &dyn Fn(&[u8]) -> Sha256Digest) -> (Vec<FieldAppearance>, Vec<(usize, Stamp)>) {
        let mut appearances = Vec::new();
        let mut stamps = Vec::new();
        for widget in appearance::widgets(self.pages, self.pdf.xref(), self.limits, &mut self.budget) {
            let Some(page) = self.pages.get(widget.page) else { continue };
            let view = View::of(page);
            let drawn = widget.read(&view, &mut self.fonts, &mut self.budget, digest);
            let area = widget.rectangle.mapped(view.matrix);
            let stamp = Stamp { area, text: drawn.text.clone(), signature: true };
            // Only what is signed may fill a blank.
            if !stamp.is_fill_in() || widget.is_signed(self.limits) {
                stamps.push((widget.page, stamp));
            }
            let Box2 { x0, y0, x1, y1 } = widget.rectangle;
            appearances.push(FieldAppearance {
                field: widget.name,
                object: widget.object.map(|object| (object.obj_number, object.gen_number)),
                appearance: AppearanceFacts {
                    page: u32::try_from(widget.page).map_or(u32::MAX, |page| page.saturating_add(1)),
                    rectangle: [x0, y0, x1, y1],
                    text: drawn.text,
                    images: drawn.images,
                },
            });
        }
        (appearances, stamps)
    }

    fn identity(&mut self, first: &PageText, stamps: &[(usize, Stamp)]) -> IdentityFacts {
        let View { width, height, .. } = first.view;
        let mut on_first: Vec<Stamp> =
            stamps.iter().filter(|(page, _)| *page == 0).map(|(_, stamp)| stamp.clone()).collect();
        let laid_over = self.pages.first().map_or_else(Vec::new, |page| {
            appearance::stamped_texts(page, &first.view, &mut self.fonts, &mut self.budget)
        });
        let stamped: Vec<String> = laid_over.iter().map(|stamp| stamp.text.clone()).collect();
        // A number typed into a field or an annotation is what the page shows.
        on_first.extend(laid_over.into_iter().filter(Stamp::is_fill_in));
        let head = header::read(&first.runs, &on_first, width, height);
        let mut make_up = first.make_up;
        let mut block = signing::read(&first.runs, &first.images, width);
        let mut place = block.area.and_then(|area| signing_place(0, area, &first.view));
        let mut copy_form = marks::copy_form(&first.runs, &on_first);
        let bound = usize::try_from(self.limits.pages_read).unwrap_or(usize::MAX).saturating_sub(1);
        if first.make_up.image_only_pages == 1 {
            for index in (1..self.pages.len()).take(MAX_SCAN_PAGES.min(bound)) {
                if let Some(page) = self.page(index, first.from_ocr) {
                    add(&mut make_up, page.make_up);
                    if first.from_ocr && block.archive_line.is_none() && signing::is_here(&page.runs) {
                        block = signing::read(&page.runs, &page.images, page.view.width);
                        place = block.area.and_then(|area| signing_place(index, area, &page.view));
                    }
                    copy_form = copy_form.or_else(|| marks::copy_form(&page.runs, &[]));
                }
            }
        } else if !signing::is_here(&first.runs) {
            for index in self.block_pages(stamps).into_iter().take(MAX_BLOCK_PAGES.min(bound)) {
                let Some(page) = self.page(index, true) else { continue };
                add(&mut make_up, page.make_up);
                copy_form = copy_form.or_else(|| marks::copy_form(&page.runs, &[]));
                if signing::is_here(&page.runs) {
                    block = signing::read(&page.runs, &page.images, page.view.width);
                    place = block.area.and_then(|area| signing_place(index, area, &page.view));
                    break;
                }
                if block.signer_title.is_none() {
                    block = signing::read(&page.runs, &page.images, page.view.width);
                    place = block.area.and_then(|area| signing_place(index, area, &page.view));
                }
            }
        }
        make_up.signing_images = block.images;
        IdentityFacts {
            reference: head.reference,
            number_source: head.number_source,
            date_line: head.date_line,
            date: head.date,
            date_source: head.date_source,
            superior: head.superior,
            agency: head.agency,
            document_type: head.document_type,
            subject: head.subject,
            archive_line: block.archive_line,
            signer_title: block.signer_title,
            signer_name: block.signer_name,
            signing_place: place,
            copy_form,
            secrecy: marks::secrecy(&first.runs, &stamped, height),
            urgency: marks::urgency(&first.runs, height),
            encoding: encoding_of(first),
            make_up,
        }
    }

    /// Where the signing block may be, the likeliest first.
    fn block_pages(&self, stamps: &[(usize, Stamp)]) -> Vec<usize> {
        let count = self.pages.len();
        let mut pages: Vec<usize> = Vec::new();
        // A signature that is no fill-in stands at the signing block.
        let signed = stamps.iter().filter(|(_, stamp)| stamp.area.width() > 40.0).map(|(page, _)| *page);
        for page in signed.chain([1, count.saturating_sub(1), 2]) {
            if page > 0 && page < count && !pages.contains(&page) {
                pages.push(page);
            }
        }
        pages
    }

    /// Reads one page; `words` says whether its text is wanted or only its make-up.
    fn page(&mut self, index: usize, words: bool) -> Option<PageText> {
        let page = self.pages.get(index)?;
        let view = View::of(page);
        let content = self.content(page);
        if index == 0 && content.is_none() && page.raw().contains_key(b"Contents") {
            self.notes.push(PageNote::ContentUnreadable);
        }
        let shown = Walker::new(&mut self.fonts, &mut self.budget, view.matrix, view.bounds(), None)
            .page(&content.unwrap_or_default(), page.resources());
        let make_up = make_up(&shown, &view);
        let from_ocr = make_up.image_only_pages == 1 && make_up.ocr_layer;
        let (runs, found) = if words { layout::runs(&shown, from_ocr) } else { Default::default() };
        let images = if make_up.image_only_pages == 1 { Vec::new() } else { shown.images };
        Some(PageText {
            runs,
            found,
            images,
            view,
            make_up,
            shown_unreadable: shown.unreadable,
            shown_readable: shown.readable.saturating_add(shown.invisible),
            from_ocr,
        })
    }

    /// The decoded content of a page: one stream or several in a row (ISO 32000-2, 7.7.3.3).
    fn content(&mut self, page: &Page<'_>) -> Option<Vec<u8>> {
        match page.raw().get::<Object<'_>>(b"Contents")? {
            Object::Stream(stream) => decode(&stream, &mut self.budget).map(std::borrow::Cow::into_owned),
            Object::Array(array) => Some(self.joined(&array)),
            _ => None,
        }
    }

    fn joined(&mut self, array: &Array<'_>) -> Vec<u8> {
        let mut content = Vec::new();
        for stream in array.iter::<Stream<'_>>() {
            if !self.budget.step(1) {
                break;
            }
            if let Some(data) = decode(&stream, &mut self.budget) {
                content.extend_from_slice(&data);
                content.push(b'\n');
            }
        }
        content
    }
}

fn add(total: &mut PageMakeUp, page: PageMakeUp) {
    total.pages_read = total.pages_read.saturating_add(page.pages_read);
    total.image_only_pages = total.image_only_pages.saturating_add(page.image_only_pages);
    total.characters = total.characters.saturating_add(page.characters);
    total.ocr_layer |= page.ocr_layer;
}

fn make_up(shown: &Shown, view: &View) -> PageMakeUp {
    let characters = shown.readable.saturating_add(shown.unreadable);
    // Scans are cut into strips or layered: the sum of the areas is near enough.
    let covered: f32 = shown.images.iter().map(|image| image.area.area()).sum();
    let image_only = covered >= IMAGE_COVER * view.bounds().area() && characters <= STRAY_CHARACTERS;
    PageMakeUp {
        pages_read: 1,
        image_only_pages: u32::from(image_only),
        characters,
        ocr_layer: shown.invisible >= OCR_CHARACTERS,
        // Known when the signing block has been found.
        signing_images: 0,
    }
}

/// The signing block in default user space; `None` on a turned page, whose axes are not the view's.
fn signing_place(index: usize, area: Box2, view: &View) -> Option<SigningPlace> {
    let Matrix([1.0, 0.0, 0.0, 1.0, x, y]) = view.matrix else { return None };
    let page = u32::try_from(index).ok()?.checked_add(1)?;
    Some(SigningPlace { page, rectangle: [area.x0 - x, area.y0 - y, area.x1 - x, area.y1 - y] })
}

fn encoding_of(page: &PageText) -> TextEncoding {
    let (readable, unreadable) = (page.shown_readable, page.shown_unreadable);
    if readable == 0 && unreadable == 0 {
        TextEncoding::NoText
    } else if unreadable > readable / 2 {
        TextEncoding::NoToUnicode
    } else {
        // A word or two typed in another way do not make the encoding of the layer.
        let is_decomposed = page.found.marked_words * 20 > page.found.accented_words;
        match (page.found.legacy, is_decomposed) {
            (Some(Legacy::Tcvn3), _) => TextEncoding::Tcvn3,
            (Some(Legacy::Vni), _) => TextEncoding::Vni,
            (Some(Legacy::Windows1258), _) => TextEncoding::Windows1258,
            (None, true) => TextEncoding::Decomposed,
            (None, false) => TextEncoding::Unicode,
        }
    }
}

#[cfg(test)]
mod tests;
