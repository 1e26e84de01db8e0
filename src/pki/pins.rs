//! Fingerprints of the known Vietnamese CA certificates: facts, no trust and no certificates.
//!
//! They let an import say which root a file is. A root becomes an anchor only when the operator has
//! compared its fingerprint with what the authority publishes. Collected in 2026 from public sources;
//! how far each is corroborated stands beside it.

use super::certificate::Certificate;
use crate::model::Sha256Digest;

/// What a known certificate is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PinRole {
    /// Root of the specialised PKI (Ban Cơ yếu Chính phủ).
    SpecialisedRoot,
    /// Issuing CA of the specialised PKI.
    SpecialisedCa,
    /// National root of the public PKI.
    PublicRoot,
    /// Provider's CA of the public PKI.
    PublicCa,
}

impl PinRole {
    /// Whether it may become an anchor.
    pub fn is_root(self) -> bool {
        matches!(self, Self::SpecialisedRoot | Self::PublicRoot)
    }

    /// Whether it belongs to the specialised PKI.
    pub fn is_specialised(self) -> bool {
        matches!(self, Self::SpecialisedRoot | Self::SpecialisedCa)
    }
}

/// How far the fingerprint is corroborated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PinEvidence {
    /// Two independent public sources agree.
    TwoSources,
    /// One public source; a subordinate's signature verifies under the root of its PKI.
    OneSource,
}

/// A known CA certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pin {
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: &'static str,
    /// Subject, in order of appearance.
    pub subject: &'static str,
    /// Common name of the issuer.
    pub issuer: &'static str,
    /// First day of validity (UTC).
    pub not_before: &'static str,
    /// Last day of validity (UTC).
    pub not_after: &'static str,
    /// Key.
    pub key: &'static str,
    /// Role.
    pub role: PinRole,
    /// Corroboration.
    pub evidence: PinEvidence,
    /// Where the lists it issues are published, where known.
    pub crl_address: Option<&'static str>,
}

/// The pin of a certificate.
pub fn pin(certificate: &Certificate) -> Option<&'static Pin> {
    pin_by_digest(&certificate.sha256)
}

/// The pin with this fingerprint.
pub fn pin_by_digest(sha256: &Sha256Digest) -> Option<&'static Pin> {
    let sha256 = sha256.to_string();
    PINS.iter().find(|pin| pin.sha256 == sha256)
}

/// Every known certificate: roots before what they issued.
pub const PINS: &[Pin] = &[
    Pin {
        sha256: "f7bc89054cec7f12730d7b8cd3eb7955b163835087e5eb873edfb584763b3f90",
        subject: "C=VN,O=Ban Co yeu Chinh phu,CN=Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
        issuer: "Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
        not_before: "2010-03-10",
        not_after: "2030-03-05",
        key: "RSA-2048",
        role: PinRole::SpecialisedRoot,
        evidence: PinEvidence::TwoSources,
        crl_address: Some("http://ca.gov.vn/pki/pub/crl/rootca.crl"),
    },
    Pin {
        sha256: "75e969c07ba35c29c72bbc1bfb880f20f3891a619b00b77eb02ca6160736a1fe",
        subject: "C=VN,O=Ban Co yeu Chinh phu,CN=Co quan chung thuc so Chinh phu",
        issuer: "Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
        not_before: "2010-03-25",
        not_after: "2030-03-04",
        key: "RSA-2048",
        role: PinRole::SpecialisedCa,
        evidence: PinEvidence::TwoSources,
        crl_address: Some("http://ca.gov.vn/pki/pub/crl/cp.crl"),
    },
    Pin {
        sha256: "a262cfa489dbbe666f8b89fab832547809874d5a06fa9f7a38fc227ebdf40514",
        subject: "C=VN,O=Ban Co yeu Chinh phu,CN=Co quan chung thuc so Bo Tai chinh",
        issuer: "Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
        not_before: "2010-03-10",
        not_after: "2030-03-04",
        key: "RSA-2048",
        role: PinRole::SpecialisedCa,
        evidence: PinEvidence::OneSource,
        crl_address: Some("http://ca.gov.vn/pki/pub/crl/btc.crl"),
    },
    Pin {
        sha256: "ecbf8428266c549eb1bfdc2715270d5b9dff3bbbe2d3f0c33e0fd91f70b2d943",
        subject: "C=VN,O=Ban Co yeu Chinh phu,CN=Co quan chung thuc so Bo Cong an",
        issuer: "Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
        not_before: "2010-04-15",
        not_after: "2030-03-04",
        key: "RSA-2048",
        role: PinRole::SpecialisedCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "6e218b3ebc2f31b0d03205c64fd7e8920fb47187d37afcdb4cb2bb4178bf4635",
        subject: "C=VN,O=Ban Co yeu Chinh phu,CN=Co quan chung thuc so Dang Cong san",
        issuer: "Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
        not_before: "2010-11-08",
        not_after: "2030-02-26",
        key: "RSA-2048",
        role: PinRole::SpecialisedCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "3c4281296f92d292cc952295fe41ad7d0b37438ff1d143b56c4642cc1b14bd93",
        subject: "C=VN,O=Ban Cơ yếu Chính phủ,CN=Cơ quan chứng thực số Bộ Ngoại giao",
        issuer: "Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
        not_before: "2016-04-07",
        not_after: "2029-12-15",
        key: "RSA-4096",
        role: PinRole::SpecialisedCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "f04ba4b459a7c9a1b971ad9b1cb833e695a80c79aea63b174b66a70edfe2fdb8",
        subject: "C=VN,O=Ban Cơ yếu Chính phủ,CN=RootCA chuyên dùng Chính phủ G2",
        issuer: "RootCA chuyên dùng Chính phủ G2",
        not_before: "2018-08-22",
        not_after: "2048-08-14",
        key: "RSA-4096",
        role: PinRole::SpecialisedRoot,
        evidence: PinEvidence::TwoSources,
        crl_address: Some("http://ca.gov.vn/pki/pub/crl/rootcag2.crl"),
    },
    Pin {
        sha256: "d8cab7a4aef92e6bb2509d7c61cee7b44f3731b2d21074963530277b366fae4b",
        subject: "C=VN,O=Ban Cơ yếu Chính phủ,CN=CA phục vụ các cơ quan Nhà nước G2",
        issuer: "RootCA chuyên dùng Chính phủ G2",
        not_before: "2018-08-22",
        not_after: "2048-08-14",
        key: "RSA-4096",
        role: PinRole::SpecialisedCa,
        evidence: PinEvidence::TwoSources,
        crl_address: Some("http://ca.gov.vn/pki/pub/crl/cpcag2.crl"),
    },
    Pin {
        sha256: "ca918d635bb130bec97639e6aabf7edbc4eb1310f8058b9419f467ae0230ad8c",
        subject: "C=VN,O=Ministry of Information and Communications,OU=National CA Center,CN=MIC National Root CA",
        issuer: "MIC National Root CA",
        not_before: "2008-05-16",
        not_after: "2040-05-16",
        key: "RSA-2048",
        role: PinRole::PublicRoot,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "ddab3aa11600215c08ca4ccbc18be5204c171a48081a6cd73a95aa868e1258af",
        subject: "C=VN,L=Hanoi,O=Bkav Corporation,CN=BkavCA",
        issuer: "MIC National Root CA",
        not_before: "2015-05-15",
        not_after: "2020-05-15",
        key: "RSA-2048",
        role: PinRole::PublicCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "22a088dedd18b017409157ccdce931236492df259459e7fac424574dd06380e2",
        subject: "C=VN,O=NACENCOMM SCT,CN=CA2",
        issuer: "MIC National Root CA",
        not_before: "2015-09-24",
        not_after: "2020-09-24",
        key: "RSA-2048",
        role: PinRole::PublicCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "406ba8be66ead6d01672f1e137cc35a778e2f289edd3f9e7580964190b83c761",
        subject: "C=VN,O=FPT Corporation,OU=FPT Information System,CN=FPT Certification Authority",
        issuer: "MIC National Root CA",
        not_before: "2015-10-21",
        not_after: "2020-10-21",
        key: "RSA-2048",
        role: PinRole::PublicCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "27ab09408347ee182186d2a21e82feda0a4e0f84441525ba1de74a7e87401eba",
        subject: "C=VN,O=CÔNG TY CỔ PHẦN VIỄN THÔNG NEW-TELECOM,CN=NEWTEL-CA",
        issuer: "MIC National Root CA",
        not_before: "2013-11-22",
        not_after: "2018-11-22",
        key: "RSA-2048",
        role: PinRole::PublicCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "4e66e0073c9c217dbfa80697b0096fa61d71c1f32b29a12c2e2c37c0cac35881",
        subject: "C=VN,O=SAFE-CA Joint Stock Company,OU=SAFE-CA,CN=SAFE-CA",
        issuer: "MIC National Root CA",
        not_before: "2017-09-22",
        not_after: "2022-09-22",
        key: "RSA-2048",
        role: PinRole::PublicCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "591e6796472780fcf98d2e6797c8249457726dee54a264307d9b51193cdbd5fd",
        subject: "C=VN,O=Cong ty co phan chu ky so VI NA,CN=SmartSign",
        issuer: "MIC National Root CA",
        not_before: "2017-07-24",
        not_after: "2022-07-24",
        key: "RSA-2048",
        role: PinRole::PublicCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "684caf190176d13158808ef193b2d20575399a87fd9e8c5bedc09065a184841a",
        subject: "C=VN,O=Viettel Group,CN=Viettel-CA",
        issuer: "MIC National Root CA",
        not_before: "2015-10-02",
        not_after: "2020-10-02",
        key: "RSA-2048",
        role: PinRole::PublicCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "068927b4c1a38ae4db1e8f59a71a8c643d9dfbb53a674862387bd5aa7386247b",
        subject: "C=VN,O=VNPT Group,OU=VNPT-CA Trust Network,CN=VNPT Certification Authority",
        issuer: "MIC National Root CA",
        not_before: "2009-12-16",
        not_after: "2019-12-16",
        key: "RSA-4096",
        role: PinRole::PublicCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "bac8bf609ab420a8ee1780d74f4de5c7f7184959d2a7375b0a75e4c29f0908e7",
        subject: "C=VN,O=Ministry of Information and Communications,OU=National Centre of Digital Signature Authentication,CN=Vietnam National Root CA",
        issuer: "Vietnam National Root CA",
        not_before: "2014-04-15",
        not_after: "2039-04-15",
        key: "RSA-4096",
        role: PinRole::PublicRoot,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
    Pin {
        sha256: "7d6ba5245317f9ed5d8bc765a4634d26ac6340d36b9f584df3b52d9c4a81a306",
        subject: "CN=VNPT-CA SHA2,O=VIETNAM POSTS AND TELECOMMUNICATIONS GROUP,C=VN",
        issuer: "Vietnam National Root CA",
        not_before: "2024-08-30",
        not_after: "2029-08-30",
        key: "RSA-4096",
        role: PinRole::PublicCa,
        evidence: PinEvidence::OneSource,
        crl_address: None,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_distinct_and_found_by_digest() {
        for (index, known) in PINS.iter().enumerate() {
            let digest: Sha256Digest = known.sha256.parse().unwrap();
            assert_eq!(pin_by_digest(&digest), Some(known));
            assert!(PINS.iter().skip(index + 1).all(|other| other.sha256 != known.sha256));
            assert!(known.not_before < known.not_after);
        }
        assert_eq!(pin_by_digest(&Sha256Digest::default()), None);
    }

    #[test]
    fn four_roots_two_of_them_specialised() {
        let roots = || PINS.iter().filter(|pin| pin.role.is_root());
        assert_eq!(roots().count(), 4);
        assert_eq!(roots().filter(|pin| pin.role.is_specialised()).count(), 2);
        // Every subordinate's issuer is one of the roots.
        let names: Vec<&str> = roots().map(|root| root.issuer).collect();
        assert!(PINS.iter().all(|pin| names.contains(&pin.issuer)));
    }
}
