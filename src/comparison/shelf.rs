//! The e-documents within reach of the judgement: their page facts and drawn pages, fetched when asked for.

use super::pages::{PageFacts, VERSION, WIDTH};
use super::{OUTCOME_VERSION, Options, Outcome, Part, by_number, read};
use crate::crypto;
use crate::duplicate::{Document, Material, PageFingerprint, Recognition};
use crate::limits::Limits;
use crate::model::Sha256Digest;
use crate::raster::{self, GrayImage, PrintedPage};
use crate::state::{Derived, State};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Drawn pages kept for the next scan, four megabytes each: siblings of one template come again.
const DRAWN_PAGES: usize = 24;
/// Pages of one scan kept while it is judged.
const SCAN_PAGES: usize = 8;

/// All e-documents.
pub(super) struct Shelf<'o> {
    documents: Vec<(Part, OnceLock<Volume>)>,
    by_number: HashMap<u32, Vec<u32>>,
    drawn: Mutex<Drawn>,
    options: &'o Options<'o>,
}

/// An e-document taken from the shelf.
struct Volume {
    document: Document,
    pages: Vec<Arc<PageFingerprint>>,
}

#[derive(Default)]
struct Drawn {
    order: VecDeque<(u32, u16)>,
    pages: HashMap<(u32, u16), Option<Arc<PrintedPage>>>,
}

impl<'o> Shelf<'o> {
    pub(super) fn new(documents: Vec<Part>, options: &'o Options<'o>) -> Self {
        let by_number = by_number(&documents);
        let documents = documents.into_iter().map(|part| (part, OnceLock::new())).collect();
        Self { documents, by_number, drawn: Mutex::default(), options }
    }

    /// Digest over the contents of some documents.
    pub(super) fn digest(&self, documents: &[u32]) -> Sha256Digest {
        let parts = documents.iter().filter_map(|document| self.documents.get(usize::try_from(*document).ok()?));
        crypto::sha256(&parts.flat_map(|(part, _)| part.sha256.0).collect::<Vec<u8>>())
    }

    /// With the state to fetch from.
    pub(super) fn open<'d>(&'d self, state: &'d mut State) -> Desk<'d> {
        Desk { shelf: self, state: Mutex::new(state) }
    }
}

/// The shelf with the state behind it, shared by all workers.
pub(super) struct Desk<'d> {
    shelf: &'d Shelf<'d>,
    // SQLite's connection is used by one thread at a time.
    state: Mutex<&'d mut State>,
}

impl<'d> Desk<'d> {
    fn part(&self, document: u32) -> Option<&'d (Part, OnceLock<Volume>)> {
        self.shelf.documents.get(usize::try_from(document).ok()?)
    }

    pub(super) fn digest_of(&self, document: u32) -> Option<Sha256Digest> {
        self.part(document).map(|(part, _)| part.sha256)
    }

    pub(super) fn has_recogniser(&self) -> bool {
        self.shelf.options.recogniser.is_some()
    }

    /// Contents of the documents that carry a number.
    pub(super) fn numbered(&self, number: u32) -> Vec<Sha256Digest> {
        let documents = self.shelf.by_number.get(&number).map(Vec::as_slice).unwrap_or_default();
        documents.iter().filter_map(|document| self.digest_of(*document)).collect()
    }

    /// A kept outcome. One that cannot be read is made anew.
    pub(super) fn outcome(&self, key: Sha256Digest) -> Option<Outcome> {
        self.state().derived(Derived::Outcome, key, OUTCOME_VERSION).ok().flatten()
    }

    fn state(&self) -> MutexGuard<'_, &'d mut State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn volume(&self, document: u32) -> Option<&'d Volume> {
        let (part, volume) = self.part(document)?;
        Some(volume.get_or_init(|| {
            let facts: PageFacts =
                self.state().derived(Derived::Pages, part.sha256, VERSION).ok().flatten().unwrap_or_default();
            Volume {
                document: Document {
                    key: part.key.clone(),
                    pages: u16::try_from(facts.pages.len()).unwrap_or(u16::MAX),
                    text: facts.text,
                },
                pages: facts.pages.into_iter().map(Arc::new).collect(),
            }
        }))
    }

    fn drawn(&self, document: u32, page: u16) -> Option<Arc<PrintedPage>> {
        let lock = || self.shelf.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().pages.get(&(document, page)) {
            return known.clone();
        }
        let (part, _) = self.part(document)?;
        let limits = self.shelf.options.limits;
        let drawn = unchanged(part, limits).and_then(|data| {
            let draw = || raster::printed_page(&data, u32::from(page), WIDTH, limits).ok();
            catch_unwind(AssertUnwindSafe(draw)).ok().flatten().map(Arc::new)
        });
        let mut shared = lock();
        if shared.pages.insert((document, page), drawn.clone()).is_none() {
            shared.order.push_back((document, page));
        }
        if shared.order.len() > DRAWN_PAGES
            && let Some(oldest) = shared.order.pop_front()
        {
            shared.pages.remove(&oldest);
        }
        drawn
    }
}

/// The file's content, if it is still the one whose facts are known.
fn unchanged(part: &Part, limits: &Limits) -> Option<Arc<Vec<u8>>> {
    let data = read(&part.path, limits).ok()?;
    (crypto::sha256(&data) == part.sha256).then(|| Arc::new(data))
}

/// One scan at the desk.
pub(super) struct Case<'c, 'd> {
    desk: &'c Desk<'d>,
    scan: &'c Part,
    data: OnceCell<Option<Arc<Vec<u8>>>>,
    seen: RefCell<HashMap<u16, Option<Arc<GrayImage>>>>,
    numbered: RefCell<BTreeMap<u32, Vec<Sha256Digest>>>,
    consulted: RefCell<BTreeSet<u32>>,
}

impl<'c, 'd> Case<'c, 'd> {
    pub(super) fn new(desk: &'c Desk<'d>, scan: &'c Part) -> Self {
        Self {
            desk,
            scan,
            data: OnceCell::new(),
            seen: RefCell::default(),
            numbered: RefCell::default(),
            consulted: RefCell::default(),
        }
    }

    pub(super) fn digest_of(&self, document: u32) -> Option<Sha256Digest> {
        self.desk.digest_of(document)
    }

    /// Numbers asked for with what they gave, and every document consulted.
    pub(super) fn into_log(self) -> (Vec<(u32, Vec<Sha256Digest>)>, BTreeSet<u32>) {
        (self.numbered.into_inner().into_iter().collect(), self.consulted.into_inner())
    }
}

impl Material for Case<'_, '_> {
    fn document(&self, document: u32) -> Option<&Document> {
        self.consulted.borrow_mut().insert(document);
        self.desk.volume(document).map(|volume| &volume.document)
    }

    fn documents_numbered(&self, number: u32) -> Vec<u32> {
        self.numbered.borrow_mut().entry(number).or_insert_with(|| self.desk.numbered(number));
        self.desk.shelf.by_number.get(&number).cloned().unwrap_or_default()
    }

    fn fingerprint(&self, document: u32, page: u16) -> Option<Arc<PageFingerprint>> {
        self.consulted.borrow_mut().insert(document);
        self.desk.volume(document)?.pages.get(usize::from(page)).cloned()
    }

    fn printed_page(&self, document: u32, page: u16) -> Option<Arc<PrintedPage>> {
        self.consulted.borrow_mut().insert(document);
        self.desk.drawn(document, page)
    }

    fn scan_page(&self, page: u16) -> Option<Arc<GrayImage>> {
        if let Some(known) = self.seen.borrow().get(&page) {
            return known.clone();
        }
        let limits = self.desk.shelf.options.limits;
        let data = self.data.get_or_init(|| unchanged(self.scan, limits)).clone();
        let image = data.and_then(|data| {
            let draw = || raster::scan_page(&data, u32::from(page), WIDTH, limits).ok();
            catch_unwind(AssertUnwindSafe(draw)).ok().flatten().map(|page| Arc::new(page.image))
        });
        let mut seen = self.seen.borrow_mut();
        if seen.len() >= SCAN_PAGES {
            seen.clear();
        }
        seen.insert(page, image.clone());
        image
    }

    fn recognise(&self, picture: &GrayImage) -> Recognition {
        self.desk.shelf.options.recogniser.map_or(Recognition::Unavailable, |recognise| recognise(picture))
    }
}
