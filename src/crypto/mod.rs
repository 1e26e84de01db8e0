//! Digests and signature verification by algorithm identifier; an unsupported algorithm is a value.
