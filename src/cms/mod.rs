//! CMS SignedData (RFC 5652), its attributes and RFC 3161 timestamps, BER tolerant.
