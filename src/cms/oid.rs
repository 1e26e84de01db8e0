//! Object identifiers met in a CMS, as the content octets of their encoding (X.690, 8.19).

/// id-data, 1.2.840.113549.1.7.1 (RFC 5652, 4).
pub(super) const DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01];
/// id-signedData, 1.2.840.113549.1.7.2 (RFC 5652, 5.1).
pub(super) const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
/// id-ct-TSTInfo, 1.2.840.113549.1.9.16.1.4 (RFC 3161, 2.4.2).
pub(super) const TST_INFO: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x04];

/// id-contentType, 1.2.840.113549.1.9.3 (RFC 5652, 11.1).
pub(super) const CONTENT_TYPE: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03];
/// id-messageDigest, 1.2.840.113549.1.9.4 (RFC 5652, 11.2).
pub(super) const MESSAGE_DIGEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04];
/// id-signingTime, 1.2.840.113549.1.9.5 (RFC 5652, 11.3).
pub(super) const SIGNING_TIME: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x05];
/// id-aa-signingCertificate, 1.2.840.113549.1.9.16.2.12 (RFC 5035, 5.4).
pub(super) const SIGNING_CERTIFICATE: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x0C];
/// id-aa-signingCertificateV2, 1.2.840.113549.1.9.16.2.47 (RFC 5035, 3).
pub(super) const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x2F];
/// id-aa-timeStampToken, 1.2.840.113549.1.9.16.2.14 (RFC 3161, appendix A).
pub(super) const TIMESTAMP_TOKEN: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x0E];
/// id-aa-cmsAlgorithmProtection, 1.2.840.113549.1.9.52 (RFC 6211, 2).
pub(super) const ALGORITHM_PROTECTION: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x34];
/// adbe-revocationInfoArchival, 1.2.840.113583.1.1.8 (ISO 32000-2, 12.8.3.3.2).
pub(super) const REVOCATION_ARCHIVAL: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x2F, 0x01, 0x01, 0x08];

/// Signed attributes about the signer that have exactly one AttributeValue and come once (ETSI EN 319 122-1,
/// 5.2.5, 5.2.6, 5.2.9; RFC 5126, 5.8.1, 5.11.2, 5.11.3). What they claim is not used: two claims would be
/// read differently by different software.
pub(super) const CLAIMS: [(&[u8], &str); 4] = [
    (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x0F], "signature-policy-identifier"),
    (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x11], "signer-location"),
    (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x12], "signer-attributes"),
    (&[0x04, 0x00, 0x81, 0x95, 0x32, 0x01, 0x01], "signer-attributes-v2"),
];

/// id-ri-ocsp-response, 1.3.6.1.5.5.7.16.2 (RFC 5940, 2.1).
pub(super) const OCSP_RESPONSE: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x10, 0x02];

/// id-ce-subjectKeyIdentifier, 2.5.29.14 (RFC 5280, 4.2.1.2).
pub(super) const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 0x0E];

/// The dotted form; an identifier that is badly encoded, or has an arc above 2^64, is shown in
/// hexadecimal octets.
pub(super) fn dotted(content: &[u8]) -> String {
    match arcs(content) {
        Some(arcs) => arcs.iter().map(u64::to_string).collect::<Vec<_>>().join("."),
        None => {
            // An identifier longer than any in use is hostile: its start is enough to show.
            let shown = content.iter().take(64).map(|octet| format!("{octet:02x}")).collect::<String>();
            format!("oid:{shown}")
        }
    }
}

fn arcs(content: &[u8]) -> Option<Vec<u64>> {
    if content.is_empty() || content.len() > 64 {
        return None;
    }
    let mut arcs = Vec::new();
    let mut value = 0_u64;
    let mut complete = true;
    for octet in content {
        value = value.checked_mul(128)?.checked_add(u64::from(octet & 0x7F))?;
        complete = octet & 0x80 == 0;
        if complete {
            if arcs.is_empty() {
                let first = (value / 40).min(2);
                arcs.push(first);
                value -= first * 40;
            }
            arcs.push(value);
            value = 0;
        }
    }
    complete.then_some(arcs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_form() {
        assert_eq!(dotted(TIMESTAMP_TOKEN), "1.2.840.113549.1.9.16.2.14");
        assert_eq!(dotted(SUBJECT_KEY_IDENTIFIER), "2.5.29.14");
        assert_eq!(dotted(REVOCATION_ARCHIVAL), "1.2.840.113583.1.1.8");
        assert_eq!(dotted(OCSP_RESPONSE), "1.3.6.1.5.5.7.16.2");
    }

    #[test]
    fn bad_identifiers_are_shown_in_hexadecimal() {
        assert_eq!(dotted(&[0x2A, 0x86]), "oid:2a86");
        assert_eq!(dotted(&[]), "oid:");
        assert_eq!(dotted(&[0xFF; 12]), format!("oid:{}", "ff".repeat(12)));
    }
}
