//! Renderers of a stored run; they add nothing to it.
