//! From signature facts and a context to a verdict (ETSI EN 319 102-1).
