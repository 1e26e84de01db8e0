//! Distribution points of a certificate and the issuing distribution point of a CRL
//! (RFC 5280, 4.2.1.13 and 5.2.5).

use super::general_name::GeneralName;
use super::name::Name;
use crate::crypto::der::{Element, Elements};

/// Name of a distribution point.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PointName {
    /// fullName.
    Full(Vec<GeneralName>),
    /// nameRelativeToCRLIssuer: the content of its SET.
    Relative(Vec<u8>),
}

impl PointName {
    fn parse(element: &Element<'_>) -> Option<Self> {
        let choice = element.children().next()?;
        match choice.tag {
            0 => Some(Self::Full(GeneralName::parse_all(choice.content)?)),
            1 => Some(Self::Relative(choice.content.to_vec())),
            _ => None,
        }
    }

    /// All names it stands for; `issuer` completes a relative one.
    pub(super) fn names(&self, issuer: &Name) -> Vec<GeneralName> {
        match self {
            Self::Full(names) => names.clone(),
            Self::Relative(set) => issuer.extended(set).map(GeneralName::Directory).into_iter().collect(),
        }
    }
}

/// Reasons as bits: the first octet of ReasonFlags, then bit 8 (aACompromise).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reasons(u16);

impl Reasons {
    /// Every reason but the unused bit 0.
    pub const ALL: Self = Self(0x7f80);
    /// None.
    pub const NONE: Self = Self(0);

    fn parse(content: &[u8]) -> Option<Self> {
        let bits = content.get(1..)?;
        let bit = |index: usize| u16::from(bits.get(index).copied().unwrap_or(0));
        Some(Self((bit(0) << 8 | bit(1)) & Self::ALL.0))
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One distribution point of a certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DistributionPoint {
    /// Where.
    pub name: Option<PointName>,
    /// Which reasons its CRLs cover.
    pub reasons: Reasons,
    /// Who issues them, if not the certificate's issuer.
    pub crl_issuer: Vec<GeneralName>,
}

impl DistributionPoint {
    pub(super) fn parse(element: &Element<'_>) -> Option<Self> {
        let mut point = Self { name: None, reasons: Reasons::ALL, crl_issuer: Vec::new() };
        for field in element.children() {
            match field.tag {
                0 => point.name = Some(PointName::parse(&field)?),
                1 => point.reasons = Reasons::parse(field.content)?,
                2 => point.crl_issuer = GeneralName::parse_all(field.content)?,
                _ => return None,
            }
        }
        Some(point)
    }

    /// Addresses to mirror.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let names: &[GeneralName] = match &self.name {
            Some(PointName::Full(names)) => names,
            _ => &[],
        };
        names.iter().filter_map(|name| match name {
            GeneralName::Uri(address) => Some(address.as_str()),
            _ => None,
        })
    }
}

/// Scope of a CRL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IssuingDistributionPoint {
    /// Where.
    pub name: Option<PointName>,
    /// Only end-entity certificates.
    pub only_user_certificates: bool,
    /// Only CA certificates.
    pub only_ca_certificates: bool,
    /// Only some reasons.
    pub reasons: Reasons,
    /// Certificates of other issuers too.
    pub indirect: bool,
    /// Only attribute certificates.
    pub only_attribute_certificates: bool,
}

impl IssuingDistributionPoint {
    pub(super) fn parse(content: &[u8]) -> Option<Self> {
        let mut point = Self {
            name: None,
            only_user_certificates: false,
            only_ca_certificates: false,
            reasons: Reasons::ALL,
            indirect: false,
            only_attribute_certificates: false,
        };
        let mut fields = Elements(content);
        for field in fields.by_ref() {
            let truth = field.content.iter().any(|byte| *byte != 0);
            match field.tag {
                0 => point.name = Some(PointName::parse(&field)?),
                1 => point.only_user_certificates = truth,
                2 => point.only_ca_certificates = truth,
                3 => point.reasons = Reasons::parse(field.content)?,
                4 => point.indirect = truth,
                5 => point.only_attribute_certificates = truth,
                _ => return None,
            }
        }
        fields.0.is_empty().then_some(point)
    }
}
