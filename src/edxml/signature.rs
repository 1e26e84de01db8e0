//! The XML signature of a package (XML Signature Syntax and Processing 1.1): digests of the references and
//! the value, with the key of the certificate carried. Trust in that certificate is not judged.
//!
//! What is not exactly understood (another transform, algorithm, reference or key) is undecided, never
//! valid and never invalid.

use super::canonical::{self, Method};
use super::decode_base64;
use super::xml::Tree;
use crate::crypto::{self, DigestAlgorithm, SignatureScheme};
use crate::model::{PackageSignature, ValueOutcome};
use crate::pki::Certificate;
use std::collections::BTreeSet;

/// Signatures and references looked at; no package needs more than one of each.
const MAX_SIGNATURES: usize = 8;
const MAX_REFERENCES: usize = 32;

type Judged = Result<(), PackageSignature>;

/// The worst outcome over the signatures that are filled in.
pub(super) fn verify(tree: &Tree<'_>) -> PackageSignature {
    let mut outcome = PackageSignature::Absent;
    for (count, signature) in tree.all(&["Signature"]).filter(|signature| is_filled(tree, *signature)).enumerate() {
        if count >= MAX_SIGNATURES {
            return undecided("more signatures than are looked at");
        }
        match one(tree, signature) {
            Err(invalid @ PackageSignature::Invalid(_)) => return invalid,
            Err(other) => outcome = other,
            Ok(()) if outcome == PackageSignature::Absent => outcome = PackageSignature::Verifies,
            Ok(()) => {}
        }
    }
    outcome
}

/// Frames without a value are written by every known connector and say nothing.
fn is_filled(tree: &Tree<'_>, signature: usize) -> bool {
    let value = tree.child(signature, &["SignatureValue"]).map(|value| tree.text(value));
    value.is_some_and(|value| !value.trim().is_empty())
}

fn undecided(reason: impl Into<String>) -> PackageSignature {
    PackageSignature::Undecided(reason.into())
}

fn one(tree: &Tree<'_>, signature: usize) -> Judged {
    let child = |parent, name: &'static str| tree.child(parent, &[name]).ok_or_else(|| undecided(format!("no {name}")));
    let signed_info = child(signature, "SignedInfo")?;
    let form = method(tree, child(signed_info, "CanonicalizationMethod")?)?;
    let algorithm = attribute(tree, child(signed_info, "SignatureMethod")?, "Algorithm").to_owned();
    let (scheme, is_ecdsa) = scheme(&algorithm).ok_or_else(|| undecided(format!("signature method {algorithm}")))?;
    let mut references = tree.children(signed_info, &["Reference"]);
    let mut count = 0;
    for reference in references.by_ref() {
        count += 1;
        if count > MAX_REFERENCES {
            return Err(undecided("more references than are looked at"));
        }
        check_reference(tree, signature, reference)?;
    }
    if count == 0 {
        return Err(undecided("no reference"));
    }
    let value = decode(&tree.text(child(signature, "SignatureValue")?))?;
    let value = if is_ecdsa { ecdsa_value(&value).ok_or_else(|| undecided("length of the value"))? } else { value };
    let message = canonical::canonicalise(tree, signed_info, None, &form);
    let mut wrong = false;
    for certificate in certificates(tree, signature) {
        match crypto::verify(&certificate.spki, &scheme, &message, &value) {
            outcome if outcome.is_right() => return Ok(()),
            ValueOutcome::Wrong => wrong = true,
            _ => {}
        }
    }
    if wrong {
        return Err(PackageSignature::Invalid("SignatureValue".to_owned()));
    }
    Err(undecided("no certificate with a usable key"))
}

fn check_reference(tree: &Tree<'_>, signature: usize, reference: usize) -> Judged {
    let element = tree.element(reference);
    let uri = element.and_then(|element| element.attributes.iter().find(|(name, _)| name == "URI"));
    let uri = uri.map(|(_, value)| value.as_str()).ok_or_else(|| undecided("a reference without URI"))?;
    let apex = match uri.strip_prefix('#') {
        _ if uri.is_empty() => {
            if tree.outside_instructions {
                return Err(undecided("processing instructions outside the root element"));
            }
            0
        }
        Some(id) => identified(tree, id).ok_or_else(|| undecided(format!("reference {uri}")))?,
        None => return Err(undecided(format!("reference {uri}"))),
    };
    let mut form = Method::Inclusive;
    let mut left_out = None;
    for transforms in tree.children(reference, &["Transforms"]) {
        for transform in tree.children(transforms, &["Transform"]) {
            if attribute(tree, transform, "Algorithm") == "http://www.w3.org/2000/09/xmldsig#enveloped-signature" {
                left_out = Some(signature);
            } else {
                form = method(tree, transform)?;
            }
        }
    }
    let digest_method = tree.child(reference, &["DigestMethod"]);
    let algorithm = digest_method.map(|method| attribute(tree, method, "Algorithm")).unwrap_or_default();
    let digest = digest(algorithm).ok_or_else(|| undecided(format!("digest method {algorithm}")))?;
    let expected = tree.child(reference, &["DigestValue"]).map(|value| tree.text(value)).unwrap_or_default();
    let octets = canonical::canonicalise(tree, apex, left_out, &form);
    let computed = digest.digest(&octets).ok_or_else(|| undecided(digest.name()))?;
    if computed == decode(&expected)? {
        Ok(())
    } else {
        Err(PackageSignature::Invalid(format!("DigestValue {uri}").trim_end().to_owned()))
    }
}

/// The one element with that Id.
fn identified(tree: &Tree<'_>, id: &str) -> Option<usize> {
    let carries = |name: &str| matches!(name, "Id" | "ID" | "id" | "xml:id");
    let mut found = tree
        .elements()
        .filter(|(_, element)| element.attributes.iter().any(|(name, value)| carries(name) && value == id))
        .map(|(index, _)| index);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn attribute<'t>(tree: &'t Tree<'_>, element: usize, name: &str) -> &'t str {
    let attributes = tree.element(element).map(|element| element.attributes.as_slice()).unwrap_or_default();
    attributes.iter().find(|(written, _)| written == name).map_or("", |(_, value)| value)
}

fn method(tree: &Tree<'_>, element: usize) -> Result<Method, PackageSignature> {
    let algorithm = attribute(tree, element, "Algorithm");
    match algorithm {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315" => Ok(Method::Inclusive),
        "http://www.w3.org/2001/10/xml-exc-c14n#" => {
            let listed = tree.child(element, &["InclusiveNamespaces"]);
            let listed = listed.map(|listed| attribute(tree, listed, "PrefixList")).unwrap_or_default();
            // "#default" stands for the default namespace.
            let prefix = |word: &str| if word == "#default" { String::new() } else { word.to_owned() };
            Ok(Method::Exclusive(listed.split_whitespace().map(prefix).collect::<BTreeSet<_>>()))
        }
        _ => Err(undecided(format!("transform {algorithm}"))),
    }
}

/// RFC 6931 and XML Signature 1.1, 6.1.
fn digest(algorithm: &str) -> Option<DigestAlgorithm> {
    Some(match algorithm {
        "http://www.w3.org/2000/09/xmldsig#sha1" => DigestAlgorithm::Sha1,
        "http://www.w3.org/2001/04/xmlenc#sha256" => DigestAlgorithm::Sha256,
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => DigestAlgorithm::Sha384,
        "http://www.w3.org/2001/04/xmlenc#sha512" => DigestAlgorithm::Sha512,
        _ => return None,
    })
}

/// The scheme, and whether values are the two numbers of ECDSA side by side (XML Signature 1.1, 6.4.3).
fn scheme(algorithm: &str) -> Option<(SignatureScheme, bool)> {
    let name = algorithm
        .strip_prefix("http://www.w3.org/2000/09/xmldsig#")
        .or_else(|| algorithm.strip_prefix("http://www.w3.org/2001/04/xmldsig-more#"))?;
    let (kind, digest) = name.split_once('-')?;
    let digest = match digest {
        "sha1" => DigestAlgorithm::Sha1,
        "sha256" => DigestAlgorithm::Sha256,
        "sha384" => DigestAlgorithm::Sha384,
        "sha512" => DigestAlgorithm::Sha512,
        _ => return None,
    };
    match kind {
        "rsa" => Some((SignatureScheme::RsaPkcs1 { digest }, false)),
        "ecdsa" => Some((SignatureScheme::Ecdsa { digest, named_by_key: false }, true)),
        _ => None,
    }
}

/// The two numbers side by side as the DER that verification takes (RFC 3279, 2.2.3).
fn ecdsa_value(value: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = value.split_at_checked(value.len() / 2).filter(|(r, s)| r.len() == s.len() && !r.is_empty())?;
    let mut body = Vec::new();
    for number in [r, s] {
        let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len() - 1);
        let number = number.get(start..)?;
        let padded = number.first()? & 0x80 != 0;
        body.push(0x02);
        body.push(u8::try_from(number.len() + usize::from(padded)).ok()?);
        body.extend(padded.then_some(0));
        body.extend_from_slice(number);
    }
    let mut der = vec![0x30];
    match u8::try_from(body.len()).ok()? {
        short @ ..0x80 => der.push(short),
        long => der.extend([0x81, long]),
    }
    der.extend(body);
    Some(der)
}

fn certificates(tree: &Tree<'_>, signature: usize) -> Vec<Certificate> {
    let mut found = Vec::new();
    for info in tree.children(signature, &["KeyInfo"]) {
        for data in tree.children(info, &["X509Data"]) {
            for certificate in tree.children(data, &["X509Certificate"]).take(MAX_SIGNATURES) {
                let der = decode_base64(&tree.text(certificate));
                found.extend(der.and_then(|der| Certificate::parse(&der).ok()));
            }
        }
    }
    found
}

fn decode(text: &str) -> Result<Vec<u8>, PackageSignature> {
    decode_base64(text).ok_or_else(|| undecided("not base64"))
}
