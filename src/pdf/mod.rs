//! The structure of a PDF: objects, revisions, signature fields, and what changed between revisions.
