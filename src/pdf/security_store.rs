//! Collects the validation data of /DSS and its /VRI from every revision (ISO 32000-2, 12.8.4.3): data
//! that a later revision dropped still proves what it proved.

use super::document::{Document, View};
use super::object::Object;
use std::collections::HashSet;

/// Decoded streams, each stream of the file once; two streams may hold the same.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct SecurityStoreStreams {
    /// DER certificates.
    pub certificates: Vec<Vec<u8>>,
    /// DER CRLs.
    pub crls: Vec<Vec<u8>>,
    /// DER OCSP responses.
    pub ocsp_responses: Vec<Vec<u8>>,
}

pub(super) fn read(document: &Document<'_>, revisions: usize) -> SecurityStoreStreams {
    let mut store = SecurityStoreStreams::default();
    let mut seen = HashSet::new();
    for view in (0..revisions).map(View) {
        let catalog = document.catalog(view);
        let dss = document.value(view, catalog.dictionary().and_then(|catalog| catalog.get(b"DSS")));
        let Some(dss) = dss.dictionary() else { continue };
        let mut collect = |list: Option<&Object>, target: &mut Vec<Vec<u8>>| {
            let list = document.value(view, list);
            for element in list.array().unwrap_or_default() {
                document.step();
                if document.is_exhausted() {
                    break;
                }
                let value = document.value(view, Some(element));
                let Object::Stream(stream) = &*value else { continue };
                if seen.insert(stream.start)
                    && let Ok(bytes) = document.decode(view, stream)
                {
                    target.push(bytes);
                }
            }
        };
        collect(dss.get(b"Certs"), &mut store.certificates);
        collect(dss.get(b"CRLs"), &mut store.crls);
        collect(dss.get(b"OCSPs"), &mut store.ocsp_responses);
        let related = document.value(view, dss.get(b"VRI"));
        for (_, entry) in related.dictionary().iter().flat_map(|related| related.iter()) {
            let entry = document.value(view, Some(entry));
            let Some(entry) = entry.dictionary() else { continue };
            collect(entry.get(b"Cert"), &mut store.certificates);
            collect(entry.get(b"CRL"), &mut store.crls);
            collect(entry.get(b"OCSP"), &mut store.ocsp_responses);
        }
    }
    store
}
