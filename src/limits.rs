//! Bounds on hostile input. Reaching one is a fact in the report, never a silent truncation.

/// Every bound, with a default that real documents stay far below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file that is read at all.
    pub file_bytes: u64,
    /// Indirect objects in one file; dictionaries where each may become a page.
    pub objects: u64,
    /// Depth of nested arrays and dictionaries, fields and page-tree nodes.
    pub depth: u64,
    /// Cross-reference sections in one file.
    pub revisions: u64,
    /// Bytes that one stream may inflate to.
    pub inflated_stream_bytes: u64,
    /// Bytes that all streams inflated for structure may amount to; as many again for the pages.
    pub inflated_total_bytes: u64,
    /// Bytes that all cross-reference streams of one file may inflate to: as many objects as are allowed take 14
    /// bytes each and stay below.
    pub cross_reference_bytes: u64,
    /// Bytes of memory that the structure read from one file may take: objects, cross-reference sections,
    /// decoded object streams, fields with their names.
    pub structure_bytes: u64,
    /// Bytes of a fully qualified field name.
    pub field_name_bytes: u64,
    /// Signature fields in one file.
    pub signatures: u64,
    /// Bytes of one CMS.
    pub cms_bytes: u64,
    /// Pages read for text and make-up.
    pub pages_read: u64,
    /// Pages of a scan that are looked at as images.
    pub scan_pages: u64,
    /// Pixels of all images of one scanned page: A3 at 600 dots an inch has 70 million.
    pub scan_page_pixels: u64,
    /// Pixels of all images of one scanned file.
    pub scan_file_pixels: u64,
    /// Bytes of a scan or e-document whose pages are compared.
    pub compared_file_bytes: u64,
    /// Pages of an e-document that are drawn to be compared with scans.
    pub printed_pages: u64,
    /// Pairs of a report that come with pictures: some 60 KB each.
    pub pictured_pairs: u64,
    /// Pages that are drawn as of two revisions each, to see whether a later picture hides anything; documents
    /// have up to 13 signatures (measured).
    pub compared_pages: u64,
    /// Drawing steps of one page: operators, characters, images and what forms and patterns repeat.
    pub drawing_steps: u64,
    /// Certificate signatures verified while one path is sought (RFC 5280 leaves it open;
    /// rustls-webpki uses 100).
    pub path_signature_checks: u64,
    /// Bytes of an XML package: four times what the exchange axis carries in one message.
    pub package_bytes: u64,
    /// Attributes of one XML element.
    pub xml_attributes: u64,
    /// Receivers, references and attachments of one package, and files in one wrapping: each.
    pub package_items: u64,
    /// Characters of one field of a package (QCVN 102 subjects have at most 500).
    pub package_text: u64,
    /// Steps of one document's extraction, counted in objects visited and in every 64 bytes looked through:
    /// stands for time without a clock.
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 1 << 30,
            objects: 1_000_000,
            depth: 256,
            revisions: 1_024,
            inflated_stream_bytes: 64 << 20,
            inflated_total_bytes: 256 << 20,
            cross_reference_bytes: 32 << 20,
            structure_bytes: 192 << 20,
            field_name_bytes: 32_767,
            signatures: 1_000,
            cms_bytes: 16 << 20,
            pages_read: 2_000,
            scan_pages: 200,
            scan_page_pixels: 150_000_000,
            scan_file_pixels: 2_000_000_000,
            compared_file_bytes: 256 << 20,
            printed_pages: 32,
            pictured_pairs: 300,
            compared_pages: 64,
            drawing_steps: 2_000_000,
            path_signature_checks: 100,
            package_bytes: 256 << 20,
            xml_attributes: 128,
            package_items: 10_000,
            package_text: 10_000,
            steps: 20_000_000,
        }
    }
}
