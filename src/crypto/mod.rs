//! Digests and signature verification by algorithm identifier; an unsupported algorithm is a value.
//!
//! The only module that uses a cryptographic library. It judges no strength: whether SHA-1 or a short
//! key is acceptable at a date is the edition's business. It reads no certificate.

pub(crate) mod der;
mod digest;
mod key;
#[cfg(feature = "more-algorithms")]
mod more;
mod rsa;
mod scheme;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod vectors;
mod verify;

pub use digest::{DigestAlgorithm, Hasher, sha256};
pub use key::{Curve, KeyKind, PublicKeyInfo};
pub use scheme::SignatureScheme;
pub use verify::verify;
