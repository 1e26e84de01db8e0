//! Certificates, lists and responses made for tests: a small DER writer and builders.

use super::certificate::Certificate;
use super::crl::Crl;
use super::ocsp::OcspResponse;
use super::path::PathFinder;
use super::rules::PathParameters;
use super::store::{Anchor, AnchorKind, TrustStore};
use crate::crypto::DigestAlgorithm;
use crate::crypto::testing::TestKey;
use crate::limits::Limits;
use crate::model::UnixTime;
use std::sync::Arc;
use time::OffsetDateTime;

/// Length of a year in the tests.
pub(crate) const YEAR: i64 = 365 * 86_400;
/// 2020-01-01T00:00:00Z.
pub(crate) const START: i64 = 1_577_836_800;
/// AlgorithmIdentifier of Ed25519.
const ED25519: [u8; 7] = [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70];

/// Years after [`START`].
pub(crate) fn year(years: i64) -> UnixTime {
    UnixTime(START + years * YEAR)
}

pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut der = vec![tag];
    match u8::try_from(content.len()) {
        Ok(length) if length < 0x80 => der.push(length),
        _ => {
            der.push(0x84);
            der.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        }
    }
    der.extend_from_slice(content);
    der
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

pub(crate) fn object_identifier(dotted: &str) -> Vec<u8> {
    let mut arcs = dotted.split('.').map(|arc| arc.parse::<u64>().unwrap());
    let first = arcs.next().unwrap() * 40 + arcs.next().unwrap();
    let mut content = Vec::new();
    for arc in [first].into_iter().chain(arcs) {
        let mut digits = vec![u8::try_from(arc & 0x7f).unwrap()];
        let mut rest = arc >> 7;
        while rest > 0 {
            digits.push(u8::try_from(rest & 0x7f).unwrap() | 0x80);
            rest >>= 7;
        }
        content.extend(digits.iter().rev());
    }
    element(6, &content)
}

pub(crate) fn generalized_time(moment: UnixTime) -> Vec<u8> {
    let t = OffsetDateTime::from_unix_timestamp(moment.0).unwrap();
    let (month, day) = (u8::from(t.month()), t.day());
    let text = format!("{:04}{month:02}{day:02}{:02}{:02}{:02}Z", t.year(), t.hour(), t.minute(), t.second());
    element(24, text.as_bytes())
}

/// A name of one common name.
pub(crate) fn common_name(text: &str) -> Vec<u8> {
    let pair = sequence(&[&object_identifier("2.5.4.3"), &element(12, text.as_bytes())]);
    sequence(&[&element(0x31, &pair)])
}

pub(crate) fn extension(oid: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    sequence(&[&object_identifier(oid), flag, &element(4, value)])
}

fn signed(tbs: &[u8], key: &TestKey) -> Vec<u8> {
    let mut value = vec![0];
    value.extend(key.sign(tbs));
    sequence(&[tbs, &ED25519, &element(3, &value)])
}

/// A certificate in the making.
#[derive(Clone)]
pub(crate) struct Make {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) key: u8,
    pub(crate) issuer_key: u8,
    pub(crate) serial: Vec<u8>,
    pub(crate) validity: (UnixTime, UnixTime),
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Make {
    /// A certificate from year 0 to year 5.
    pub(crate) fn leaf(subject: &str, key: u8, issuer: &str, issuer_key: u8) -> Self {
        Self {
            subject: subject.to_owned(),
            issuer: issuer.to_owned(),
            key,
            issuer_key,
            serial: vec![key],
            validity: (year(0), year(5)),
            extensions: Vec::new(),
        }
    }

    /// A CA certificate from year 0 to year 20.
    pub(crate) fn ca(subject: &str, key: u8, issuer: &str, issuer_key: u8) -> Self {
        let basic = extension("2.5.29.19", true, &[0x30, 0x03, 0x01, 0x01, 0xff]);
        Self { validity: (year(0), year(20)), ..Self::leaf(subject, key, issuer, issuer_key) }.with(basic)
    }

    /// A self-signed CA.
    pub(crate) fn root(subject: &str, key: u8) -> Self {
        Self::ca(subject, key, subject, key)
    }

    pub(crate) fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let version = element(0xa0, &[2, 1, 2]);
        let validity = sequence(&[&generalized_time(self.validity.0), &generalized_time(self.validity.1)]);
        let extensions = element(0xa3, &sequence(&[&self.extensions.concat()]));
        let tbs = sequence(&[
            &version,
            &element(2, &self.serial),
            &ED25519,
            &common_name(&self.issuer),
            &validity,
            &common_name(&self.subject),
            &TestKey::new(self.key).spki(),
            if self.extensions.is_empty() { &[] } else { &extensions },
        ]);
        signed(&tbs, &TestKey::new(self.issuer_key))
    }

    pub(crate) fn make(&self) -> Arc<Certificate> {
        Arc::new(Certificate::parse(&self.der()).unwrap())
    }
}

/// A list in the making.
#[derive(Clone)]
pub(crate) struct MakeCrl {
    pub(crate) issuer: String,
    pub(crate) key: u8,
    pub(crate) this_update: UnixTime,
    pub(crate) next_update: Option<UnixTime>,
    /// Serial number, date, reason if one is given.
    pub(crate) entries: Vec<(Vec<u8>, UnixTime, Option<u8>)>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl MakeCrl {
    /// In force for one year from `from`.
    pub(crate) fn new(issuer: &str, key: u8, from: UnixTime) -> Self {
        Self {
            issuer: issuer.to_owned(),
            key,
            this_update: from,
            next_update: Some(UnixTime(from.0 + YEAR)),
            entries: Vec::new(),
            extensions: Vec::new(),
        }
    }

    pub(crate) fn revoke(mut self, serial: u8, date: UnixTime, reason: u8) -> Self {
        self.entries.push((vec![serial], date, Some(reason)));
        self
    }

    pub(crate) fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let mut revoked = Vec::new();
        for (serial, date, reason) in &self.entries {
            let reason = reason.map(|reason| sequence(&[&extension("2.5.29.21", false, &[10, 1, reason])]));
            let reason = reason.unwrap_or_default();
            revoked.extend(sequence(&[&element(2, serial), &generalized_time(*date), &reason]));
        }
        let extensions = element(0xa0, &sequence(&[&self.extensions.concat()]));
        let tbs = sequence(&[
            &[2, 1, 1],
            &ED25519,
            &common_name(&self.issuer),
            &generalized_time(self.this_update),
            &self.next_update.map(generalized_time).unwrap_or_default(),
            &if self.entries.is_empty() { Vec::new() } else { sequence(&[&revoked]) },
            if self.extensions.is_empty() { &[] } else { &extensions },
        ]);
        signed(&tbs, &TestKey::new(self.key))
    }

    pub(crate) fn make(&self) -> Arc<Crl> {
        Arc::new(Crl::parse(&self.der()).unwrap())
    }
}

/// A response in the making, for one certificate.
pub(crate) struct MakeOcsp<'a> {
    pub(crate) certificate: &'a Certificate,
    pub(crate) issuer: &'a Certificate,
    pub(crate) key: u8,
    pub(crate) produced_at: UnixTime,
    pub(crate) next_update: Option<UnixTime>,
    /// Date and reason if revoked.
    pub(crate) revoked: Option<(UnixTime, u8)>,
    pub(crate) responder: Option<Vec<u8>>,
}

impl MakeOcsp<'_> {
    pub(crate) fn der(&self) -> Vec<u8> {
        let sha1 = |data: &[u8]| element(4, &DigestAlgorithm::Sha1.digest(data).unwrap());
        let id = sequence(&[
            &sequence(&[&object_identifier("1.3.14.3.2.26")]),
            &sha1(&self.issuer.subject.raw),
            &sha1(&self.issuer.spki[12..]),
            &element(2, &self.certificate.serial),
        ]);
        let status = match self.revoked {
            None => element(0x80, &[]),
            Some((date, reason)) => {
                let reason = element(0xa0, &element(10, &[reason]));
                element(0xa1, &[generalized_time(date), reason].concat())
            }
        };
        let next_update = self.next_update.map(|next| element(0xa0, &generalized_time(next))).unwrap_or_default();
        let single = sequence(&[&id, &status, &generalized_time(self.produced_at), &next_update]);
        let data = sequence(&[
            &element(0xa1, &common_name("responder")),
            &generalized_time(self.produced_at),
            &sequence(&[&single]),
        ]);
        let mut value = vec![0];
        value.extend(TestKey::new(self.key).sign(&data));
        let certificates = self.responder.as_ref().map(|der| element(0xa0, &sequence(&[der]))).unwrap_or_default();
        let basic = sequence(&[&data, &ED25519, &element(3, &value), &certificates]);
        let bytes = sequence(&[&object_identifier("1.3.6.1.5.5.7.48.1.1"), &element(4, &basic)]);
        sequence(&[&element(10, &[0]), &element(0xa0, &bytes)])
    }

    pub(crate) fn make(&self) -> Arc<OcspResponse> {
        Arc::new(OcspResponse::parse(&self.der()).unwrap())
    }
}

/// A finder over confirmed specialised anchors and candidates.
pub(crate) fn finder(anchors: &[&Arc<Certificate>], candidates: &[&Arc<Certificate>]) -> PathFinder {
    let anchor = |certificate: &&Arc<Certificate>| Anchor {
        certificate: Arc::clone(certificate),
        kind: AnchorKind::Specialised,
        confirmed: true,
    };
    let store = TrustStore {
        anchors: anchors.iter().map(anchor).collect(),
        candidates: candidates.iter().map(|candidate| Arc::clone(candidate)).collect(),
    };
    PathFinder::new(store, PathParameters::default(), &Limits::default())
}
