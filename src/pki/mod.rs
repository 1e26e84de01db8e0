//! X.509 certificates, paths (RFC 5280), CRLs, OCSP responses and the trust store.
//!
//! The only user of x509-parser. Nothing here reads a clock or fetches anything: every moment, list and
//! certificate is passed in.

mod certificate;
mod crl;
mod distribution;
mod extension;
mod files;
mod general_name;
mod memo;
mod name;
mod name_constraints;
mod ocsp;
mod path;
pub mod pins;
mod policy;
mod revocation;
mod rules;
mod store;
#[cfg(test)]
pub(crate) mod testing;
mod time;

pub use certificate::{Certificate, CertificateError};
pub use crl::{Crl, CrlEntry, CrlError, RevocationReason};
pub use distribution::{DistributionPoint, IssuingDistributionPoint, PointName, Reasons};
pub use extension::{ANY_POLICY, BasicConstraints, Extensions, KeyUsage, NameConstraints};
pub use files::{Evidence, EvidenceError, read_evidence};
pub use general_name::GeneralName;
pub use name::{Attribute, Name, NameKey};
pub use ocsp::{OcspError, OcspResponse, OcspStatus, SingleResponse};
pub(crate) use path::used_at;
pub use path::{PathFinder, PathOutcome, PathStatus};
pub use pins::{PINS, Pin, PinEvidence, PinRole, pin, pin_by_digest};
pub use revocation::{
    EvidenceSummary, Revocation, RevocationAnswer, RevocationOutcome, RevocationSource, UnknownReason,
};
pub use rules::{ConstraintFailure, PathParameters};
pub use store::{Anchor, AnchorKind, TrustStore};
