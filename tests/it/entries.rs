//! Where hostile bytes enter the program, and what must hold whatever they are. Shared by the fuzz targets
//! (`fuzz/`) and by the deterministic run of the tests (`mutation.rs`).

use soat::cms::{self, SignedContent, SubFilter};
use soat::container;
use soat::crypto::{self, DigestAlgorithm, Hasher};
use soat::edition::Editions;
use soat::limits::Limits;
use soat::model::{CmsFacts, Content, Indication, NotAssessed, UnixTime};
use soat::organisation::OrganisationTable;
use soat::pki::{
    Certificate, Crl, OcspResponse, PathFinder, PathParameters, RevocationSource, TrustStore, read_evidence,
};
use soat::register::{self, Source};
use soat::validate::{self, Carried, Context, Detail, HolderMemo};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One place where bytes enter.
pub(crate) struct Entry {
    /// Name of the fuzz target.
    pub(crate) name: &'static str,
    /// Feeds the bytes; panics if something does not hold.
    pub(crate) run: fn(&[u8]),
    /// Genuine input made from the fixtures.
    pub(crate) seeds: fn(&Path) -> Vec<Vec<u8>>,
}

/// Every entry.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry { name: "pdf", run: pdf, seeds: documents },
    Entry { name: "cms", run: cms_forms, seeds: contents },
    Entry { name: "certificate", run: certificate, seeds: certificates },
    Entry { name: "crl", run: crl, seeds: lists },
    Entry { name: "ocsp", run: ocsp, seeds: responses },
    Entry { name: "timestamp", run: timestamp, seeds: tokens },
    Entry { name: "register", run: registers, seeds: register_files },
];

/// Bounds small enough that reaching them is quick.
fn limits() -> Limits {
    Limits {
        objects: 50_000,
        inflated_stream_bytes: 4 << 20,
        inflated_total_bytes: 16 << 20,
        steps: 200_000,
        ..Limits::default()
    }
}

/// A whole document: extracted, and judged without any trust.
pub(crate) fn pdf(data: &[u8]) {
    let limits = limits();
    let extraction = container::extract(&Arc::new(data.to_vec()), &limits);
    assert_eq!(extraction.facts.sha256, crypto::sha256(data));
    let facts = match extraction.facts.content {
        Content::NotAssessed(NotAssessed::InternalFault(fault)) => panic!("{fault}"),
        Content::NotAssessed(_) | Content::Package(_) | Content::Image(_) => return,
        Content::Pdf(facts) => facts,
    };
    let mut carried = Carried::default();
    extraction.blobs.iter().for_each(|blob| carried.add(blob));
    let paths = PathFinder::new(TrustStore::default(), PathParameters::default(), &limits);
    let context = Context {
        clock: UnixTime(1_798_761_600),
        revocation: &RevocationSource::default(),
        paths: &paths,
        editions: &Editions::built_in().unwrap(),
        organisations: &OrganisationTable::new(Vec::new()),
        overrides: &HashMap::new(),
        holders: &HolderMemo::default(),
        carried: &carried,
        limits: &limits,
        detail: Detail::Full,
    };
    let verdicts = validate::judge(&facts, None, &context);
    assert_eq!(verdicts.len(), facts.signatures.len(), "a signature was lost");
    assert!(verdicts.iter().all(|verdict| verdict.indication != Indication::TotalPassed), "trusted without an anchor");
}

/// Bytes that a signature covers.
struct Covered<'a>(&'a [u8]);

impl SignedContent for Covered<'_> {
    fn digest(&self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        let mut hasher = Hasher::new(algorithm)?;
        hasher.update(self.0);
        Some(hasher.finish())
    }

    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self.0))
    }
}

/// /Contents under every form.
pub(crate) fn cms_forms(data: &[u8]) {
    let limits = limits();
    let certificate = [data];
    for form in [
        SubFilter::Pkcs7Detached,
        SubFilter::CadesDetached,
        SubFilter::Pkcs7Sha1,
        SubFilter::TimestampToken,
        SubFilter::X509RsaSha1(&certificate),
    ] {
        let evaluation = cms::evaluate(data, form, &Covered(b"content"), &limits);
        for blob in &evaluation.blobs {
            assert_eq!(blob.sha256, crypto::sha256(&blob.der));
        }
    }
}

/// A timestamp token alone; no mutation of a genuine one covers this content.
pub(crate) fn timestamp(data: &[u8]) {
    let evaluation = cms::evaluate(data, SubFilter::TimestampToken, &Covered(b"content"), &limits());
    if let CmsFacts::Parsed(signer) = evaluation.cms {
        assert_eq!(signer.timestamps.len(), 1);
    }
}

/// A certificate, as itself and as what a path begins with.
pub(crate) fn certificate(data: &[u8]) {
    let _ = read_evidence(data);
    let Ok(certificate) = Certificate::parse(data) else { return };
    // Bytes behind the certificate belong to it no more than to its fingerprint.
    assert!(data.starts_with(&certificate.der));
    assert_eq!(certificate.sha256, crypto::sha256(&certificate.der));
    let certificate = Arc::new(certificate);
    let _ = (certificate.is_self_signed(), certificate.is_ca(), certificate.subject.short());
    let paths = PathFinder::new(TrustStore::default(), PathParameters::default(), &limits());
    let outcome = paths.find(&certificate, &[Arc::clone(&certificate)], UnixTime(1_798_761_600));
    assert!(!outcome.is_valid(), "a path without an anchor");
}

/// A revocation list.
pub(crate) fn crl(data: &[u8]) {
    let _ = read_evidence(data);
    if let Ok(list) = Crl::parse(data) {
        let _ = (list.entry(&list.issuer, &[1]).is_some(), list.verify_signed_by(&[]));
        let _ = RevocationSource::new([Arc::new(list)], []);
    }
}

/// An OCSP response.
pub(crate) fn ocsp(data: &[u8]) {
    if let Ok(response) = OcspResponse::parse(data) {
        let _ = RevocationSource::new([], [Arc::new(response)]);
    }
}

/// Register files: the first byte says which format and which list, the rest is the file.
pub(crate) fn registers(data: &[u8]) {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let file = ["a.csv", "a.xlsx", "a.ods"][usize::from(choice % 3)];
    let source = Source::plain(file, bytes);
    match choice / 3 % 6 {
        0 => drop(register::read_outgoing(&source)),
        1 => drop(register::read_post_book(&source)),
        2 => drop(register::read_work_files(&source)),
        3 => drop(register::read_exemptions(&source)),
        4 => drop(register::read_cancelled(&source)),
        _ => drop(register::read_organisations(&source)),
    }
}

/// Files below `folder` with one of these endings, in order.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
            let path = entry.path();
            match path.extension().and_then(|ending| ending.to_str()) {
                _ if path.is_dir() => open.push(path),
                Some(ending) if endings.contains(&ending) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

fn contents_of(files: Vec<PathBuf>) -> Vec<Vec<u8>> {
    files.into_iter().filter_map(|path| fs::read(path).ok()).collect()
}

fn documents(fixtures: &Path) -> Vec<Vec<u8>> {
    contents_of(files(fixtures, &["pdf"]))
}

/// Every /Contents of every document, without its padding.
fn contents(fixtures: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for document in documents(fixtures) {
        let mut rest = document.as_slice();
        while let Some(at) = position(rest, b"/Contents") {
            rest = &rest[at + 9..];
            let token = rest.iter().position(|&byte| byte == b'<').filter(|&at| at < 4);
            let Some(digits) = token.and_then(|at| rest.get(at + 1..)) else { continue };
            let value = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            let digits: Vec<u8> = digits.iter().map_while(value).collect();
            let mut bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
            let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |at| at + 1);
            bytes.truncate(end);
            found.push(bytes);
        }
    }
    unique(found)
}

/// id-aa-timeStampToken (RFC 3161, appendix A), DER encoded.
const TIMESTAMP_TOKEN: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0e";

/// Timestamp tokens: those in the unsigned attributes of the signatures.
fn tokens(fixtures: &Path) -> Vec<Vec<u8>> {
    let token = |contents: Vec<u8>| {
        let set = contents.get(position(&contents, TIMESTAMP_TOKEN)? + TIMESTAMP_TOKEN.len()..)?;
        // Both headers of a token are long: tag, 0x82, two octets of length.
        let length = usize::from(set.get(6).copied()?) << 8 | usize::from(set.get(7).copied()?);
        set.get(4..8 + length).map(<[u8]>::to_vec)
    };
    unique(contents(fixtures).into_iter().filter_map(token).collect())
}

fn certificates(fixtures: &Path) -> Vec<Vec<u8>> {
    contents_of(files(fixtures, &["crt", "cer", "der", "pem"]))
}

fn lists(fixtures: &Path) -> Vec<Vec<u8>> {
    contents_of(files(fixtures, &["crl"]))
}

/// OCSP responses: the ones made on purpose and those that documents carry.
fn responses(fixtures: &Path) -> Vec<Vec<u8>> {
    let limits = Limits::default();
    let mut found = Vec::new();
    for document in documents(fixtures) {
        let blobs = container::extract(&Arc::new(document), &limits).blobs;
        let responses = blobs.into_iter().filter(|blob| blob.kind == soat::model::BlobKind::OcspResponse);
        found.extend(responses.map(|blob| blob.der));
    }
    found.extend(contents_of(files(fixtures, &["ocsp"])));
    unique(found)
}

/// Register files behind the byte that chooses their format, once for every list.
fn register_files(fixtures: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for path in files(fixtures, &["csv", "xlsx", "ods"]) {
        let Ok(bytes) = fs::read(&path) else { continue };
        let format = match path.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => 0,
            Some("xlsx") => 1,
            _ => 2,
        };
        found.extend((0..6).map(|list| [&[format + 3 * list], bytes.as_slice()].concat()));
    }
    found
}

fn unique(mut list: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    list.sort();
    list.dedup();
    list.retain(|bytes| !bytes.is_empty());
    list
}

fn position(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
