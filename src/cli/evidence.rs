//! Certificates, revocation lists and OCSP responses in the operator's folders.

use super::system;
use crate::crypto;
use crate::model::{Bilingual, InputDigest};
use crate::pki::{Certificate, Crl, Evidence, OcspResponse, RevocationSource, read_evidence};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// Everything found in some folders.
#[derive(Debug, Default)]
pub(super) struct Collection {
    /// Certificates, in the order of the file names.
    pub certificates: Vec<Arc<Certificate>>,
    /// CRLs.
    pub lists: Vec<Arc<Crl>>,
    /// OCSP responses.
    pub responses: Vec<Arc<OcspResponse>>,
    /// Each file read, with its digest.
    pub inputs: Vec<InputDigest>,
    /// Files that are none of these, and folders that cannot be read: path and reason.
    pub problems: Vec<(String, Bilingual)>,
}

/// Whether a path is a file to read: hidden ones are notes of the system or half-written files.
pub(super) fn is_material(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden && path.is_file()
}

impl Collection {
    /// Adds every file of `folder`; `name` is how the configuration calls it.
    pub(super) fn add_folder(&mut self, folder: &Path, name: &str) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.problems.push((name.to_owned(), system::words(&error)));
                return;
            }
        };
        let mut files: Vec<_> =
            entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|p| is_material(p)).collect();
        files.sort();
        for file in files {
            let file_name = file.file_name().unwrap_or_default().to_string_lossy();
            let shown = format!("{name}/{file_name}");
            match fs::read(&file) {
                Err(error) => self.problems.push((shown, system::words(&error))),
                Ok(bytes) => self.add(&bytes, &shown),
            }
        }
    }

    /// Adds what one file holds.
    pub(super) fn add(&mut self, bytes: &[u8], name: &str) {
        let mut found = Vec::new();
        for object in read_evidence(bytes) {
            match object {
                Ok(evidence) => found.push(evidence),
                Err(error) => self.problems.push((name.to_owned(), error.message())),
            }
        }
        if found.is_empty() {
            return;
        }
        let kind = match found.first() {
            Some(Evidence::Crl(_)) => "crl",
            Some(Evidence::OcspResponse(_)) => "ocsp-response",
            _ => "certificate",
        };
        self.inputs.push(InputDigest { kind: kind.into(), path: name.to_owned(), sha256: crypto::sha256(bytes) });
        for evidence in found {
            match evidence {
                Evidence::Certificate(certificate) => self.certificates.push(certificate),
                Evidence::Crl(list) => self.lists.push(list),
                Evidence::OcspResponse(response) => self.responses.push(response),
            }
        }
    }

    /// The revocation data, indexed.
    pub(super) fn revocation(&self) -> RevocationSource {
        RevocationSource::new(self.lists.iter().cloned(), self.responses.iter().cloned())
    }
}
