//! From a signature field and the file's bytes to signature facts.
