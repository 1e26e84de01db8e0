//! X.509 certificates, paths (RFC 5280), CRLs, OCSP responses and the trust store.
