//! Fields of each kind of list and the header texts they are known by: the preset `decree-30`
//! (Decree 30, PL IV, with the variants met in exports and the names of PL VI part II).

/// A field and its headers, the prescribed text first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field {
    /// Canonical name, as in the mapping.
    pub name: &'static str,
    /// Header texts, best first. The first is the one printed in messages.
    pub headers: &'static [&'static str],
    /// Reported when absent (check `register-column-missing`): a column of PL IV.
    pub prescribed: bool,
}

const fn prescribed(name: &'static str, headers: &'static [&'static str]) -> Field {
    Field { name, headers, prescribed: true }
}

const fn optional(name: &'static str, headers: &'static [&'static str]) -> Field {
    Field { name, headers, prescribed: false }
}

/// A kind of list.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Its fields.
    pub fields: &'static [Field],
    /// Fields of which one must have a column, else no row can be told from another.
    pub identifying: &'static [&'static str],
    /// So many headers must match for a row to be the header.
    pub minimum_headers: usize,
}

const REFERENCE: &[&str] = &[
    "Số, ký hiệu văn bản",
    "Số ký hiệu văn bản",
    "Số và ký hiệu văn bản",
    "Số, ký hiệu",
    "Số ký hiệu",
    "Số/ký hiệu",
    "Số hiệu văn bản",
    "Số hiệu",
    "Số KH",
    "Số/KH",
    "Số KHVB",
    "Số, ký hiệu VB",
    "Số ký hiệu VB",
];
const NOTE: &[&str] = &["Ghi chú", "Chú thích"];
const RECIPIENTS: &[&str] = &[
    "Nơi nhận văn bản",
    "Nơi nhận",
    "Cơ quan nhận",
    "Đơn vị nhận",
    "Cơ quan, đơn vị nhận",
    "Nơi nhận VB",
    "Nơi gửi đến",
    "Gửi cho",
];
const TRANSFERRED: &[&str] = &["Ngày chuyển", "Ngày chuyển văn bản", "Ngày gửi", "Ngày chuyển VB"];
const UNIT: &[&str] = &[
    "Đơn vị soạn thảo",
    "Đơn vị soạn",
    "Phòng soạn thảo",
    "Đơn vị chủ trì soạn thảo",
    "Đơn vị chủ trì",
    "Phòng chủ trì",
    "Phòng soạn",
    "Phòng, đơn vị soạn thảo",
    "Phòng ban soạn thảo",
    "Bộ phận soạn thảo",
    "Đơn vị",
];

/// Outgoing register: the ten columns of PL IV section I, then what exports add.
pub const OUTGOING: Schema = Schema {
    fields: &[
        prescribed("reference", REFERENCE),
        prescribed(
            "date",
            &[
                "Ngày tháng văn bản",
                "Ngày, tháng văn bản",
                "Ngày tháng năm văn bản",
                "Ngày, tháng, năm văn bản",
                "Ngày văn bản",
                "Ngày tháng",
                "Ngày tháng năm",
                "Ngày ban hành",
                "Ngày ký",
                "Ngày tháng VB",
                "Ngày VB",
                "IssuedDate",
            ],
        ),
        prescribed(
            "subject",
            &[
                "Tên loại và trích yếu nội dung văn bản",
                "Tên loại, trích yếu nội dung văn bản",
                "Tên loại và trích yếu nội dung",
                "Tên loại và trích yếu",
                "Trích yếu nội dung văn bản",
                "Trích yếu nội dung",
                "Trích yếu văn bản",
                "Trích yếu",
                "Nội dung trích yếu",
                "Nội dung văn bản",
                "Nội dung",
                "Tên loại trích yếu nội dung VB",
                "Subject",
            ],
        ),
        prescribed("signer", &["Người ký", "Người ký văn bản", "Họ tên người ký", "Họ và tên người ký", "Lãnh đạo ký"]),
        prescribed("recipients", RECIPIENTS),
        prescribed(
            "archive_copy",
            &[
                "Đơn vị, người nhận bản lưu",
                "Đơn vị hoặc người nhận bản lưu",
                "Đơn vị nhận bản lưu",
                "Người nhận bản lưu",
                "Nơi nhận bản lưu",
                "Nơi lưu",
                "Nơi lưu bản gốc",
            ],
        ),
        prescribed("copies", &["Số lượng bản", "Số bản", "Số lượng", "SL bản", "Số lượng phát hành", "IssuedAmount"]),
        prescribed("transferred", TRANSFERRED),
        prescribed("receipt", &["Ký nhận", "Người nhận ký"]),
        prescribed("note", NOTE),
        optional("unit", UNIT),
        optional("file", &["Tên tệp", "Tệp", "Tên file", "File", "File đính kèm", "Tệp đính kèm"]),
        optional("secrecy", &["Độ mật", "Mức độ mật"]),
        optional("paper", &["Kèm bản giấy", "Có bản giấy", "Gửi kèm bản giấy", "Bản giấy"]),
        optional("status", &["Trạng thái", "Tình trạng", "Tình trạng văn bản"]),
        optional("number", &["Số", "Số văn bản", "Số đi", "Số VB", "CodeNumber"]),
        optional("symbol", &["Ký hiệu", "Ký hiệu văn bản", "Ký hiệu VB", "CodeNotation"]),
        optional("type", &["Tên loại", "Loại văn bản", "Tên loại văn bản", "Loại VB", "TypeName"]),
        optional("channel", &["Hình thức gửi", "Hình thức phát hành", "Phương thức gửi"]),
    ],
    identifying: &["reference", "number"],
    minimum_headers: 3,
};

/// Post book: PL IV section III.
pub const POST_BOOK: Schema = Schema {
    fields: &[
        prescribed("transferred", TRANSFERRED),
        prescribed("reference", REFERENCE),
        prescribed("recipients", RECIPIENTS),
        prescribed("envelopes", &["Số lượng bì", "Số bì", "Số lượng"]),
        prescribed("receipt", &["Ký nhận và dấu bưu điện", "Ký nhận, dấu bưu điện", "Ký nhận"]),
        prescribed("note", NOTE),
    ],
    identifying: &["reference"],
    minimum_headers: 3,
};

/// Work files.
pub const WORK_FILES: Schema = Schema {
    fields: &[
        prescribed("code", &["Mã hồ sơ", "Số và ký hiệu hồ sơ", "Số, ký hiệu hồ sơ", "Ký hiệu hồ sơ", "FileCode"]),
        prescribed("title", &["Tiêu đề hồ sơ", "Tên hồ sơ", "Tiêu đề"]),
        prescribed("unit", &["Đơn vị", "Đơn vị lập hồ sơ", "Đơn vị chủ trì", "Phòng"]),
        prescribed("started", &["Ngày bắt đầu", "Ngày mở", "Ngày mở hồ sơ"]),
        prescribed("ended", &["Ngày kết thúc", "Ngày đóng", "Ngày đóng hồ sơ"]),
        prescribed("electronic", &["Hình thức", "Hình thức hồ sơ", "Loại hồ sơ"]),
        prescribed("documents", &["Số văn bản", "Số lượng văn bản", "Số tài liệu", "Số lượng tài liệu"]),
        optional("handed_over", &["Ngày nộp lưu", "Ngày giao nộp"]),
        optional("construction", &["Xây dựng", "Hồ sơ xây dựng", "Công trình xây dựng"]),
        optional("consent", &["Gia hạn", "Gia hạn đến", "Văn bản gia hạn"]),
    ],
    identifying: &["code"],
    minimum_headers: 3,
};

/// Exemptions from the paper rule.
pub const EXEMPTIONS: Schema = Schema {
    fields: &[
        prescribed("reference", REFERENCE),
        prescribed("date", &["Ngày văn bản", "Ngày tháng văn bản", "Ngày"]),
        prescribed("reason", &["Lý do", "Mã lý do"]),
        prescribed("basis", &["Căn cứ", "Căn cứ pháp lý"]),
        prescribed("authority", &["Người quyết định", "Người có thẩm quyền", "Người cho phép"]),
        prescribed("recorded_by", &["Người ghi", "Người ghi nhận"]),
        prescribed("recorded_on", &["Ngày ghi", "Ngày ghi nhận"]),
        optional("expires", &["Hết hạn", "Ngày hết hạn", "Có giá trị đến"]),
    ],
    identifying: &["reference"],
    minimum_headers: 2,
};

/// Waivers of findings.
pub const WAIVERS: Schema = Schema {
    fields: &[
        prescribed("check", &["Mã kiểm tra", "Kiểm tra"]),
        prescribed("document", &["Văn bản", "Số, ký hiệu văn bản", "Số, ký hiệu", "Tệp", "Tên tệp"]),
        prescribed("sha256", &["SHA-256", "Mã băm", "Mã băm SHA-256"]),
        prescribed("reason", &["Lý do"]),
        prescribed("authority", &["Người quyết định", "Người có thẩm quyền", "Người cho phép"]),
        prescribed("date", &["Ngày quyết định", "Ngày"]),
        prescribed("expires", &["Hết hạn", "Ngày hết hạn", "Có giá trị đến"]),
    ],
    identifying: &["check"],
    minimum_headers: 3,
};

/// Cancelled numbers.
pub const CANCELLED: Schema = Schema {
    fields: &[
        prescribed("reference", REFERENCE),
        prescribed("date", &["Ngày văn bản", "Ngày tháng văn bản", "Ngày"]),
        prescribed("reason", &["Lý do", "Lý do hủy"]),
        optional("recorded_by", &["Người ghi", "Người ghi nhận"]),
    ],
    identifying: &["reference"],
    minimum_headers: 2,
};

/// Recorded authority to sign for another.
pub const DELEGATIONS: Schema = Schema {
    fields: &[
        prescribed("name", &["Họ và tên", "Họ tên", "Người được ủy quyền", "Người ký"]),
        prescribed("prefix", &["Thẩm quyền", "Quyền hạn ký", "Hình thức ký"]),
        prescribed("types", &["Loại văn bản", "Tên loại"]),
        prescribed("valid_from", &["Từ ngày", "Có hiệu lực từ"]),
        prescribed("valid_to", &["Đến ngày", "Có hiệu lực đến"]),
        optional("basis", &["Căn cứ", "Văn bản ủy quyền"]),
    ],
    identifying: &["name"],
    minimum_headers: 2,
};

/// Organisation table.
pub const ORGANISATIONS: Schema = Schema {
    fields: &[
        prescribed("code", &["Mã", "Chữ viết tắt", "Ký hiệu"]),
        prescribed("name", &["Tên", "Tên đầy đủ", "Tên cơ quan, đơn vị"]),
        optional("ascii_name", &["Tên không dấu"]),
        optional("parent", &["Trực thuộc", "Cấp trên", "Cơ quan cấp trên"]),
        optional("place", &["Địa danh"]),
        optional("organ_id", &["Mã định danh"]),
        optional("valid_from", &["Có hiệu lực từ", "Từ ngày"]),
        optional("valid_to", &["Có hiệu lực đến", "Đến ngày"]),
        optional("successor", &["Kế thừa", "Đơn vị kế thừa"]),
        prescribed("kind", &["Loại"]),
    ],
    identifying: &["code"],
    minimum_headers: 2,
};

impl Schema {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::header::header_key;
    use super::*;

    #[test]
    fn no_header_text_means_two_fields() {
        for schema in [OUTGOING, POST_BOOK, WORK_FILES, EXEMPTIONS, WAIVERS, CANCELLED, DELEGATIONS, ORGANISATIONS] {
            let mut seen = std::collections::BTreeMap::new();
            for field in schema.fields {
                for header in field.headers {
                    if let Some(other) = seen.insert(header_key(header), field.name) {
                        assert_eq!(other, field.name, "{header}");
                    }
                }
            }
            assert!(schema.identifying.iter().all(|name| schema.field(name).is_some()));
        }
        assert_eq!(OUTGOING.fields.iter().filter(|field| field.prescribed).count(), 10);
        assert_eq!(POST_BOOK.fields.len(), 6);
    }
}
