//! Stable words of facts and notes, and what they mean to people. The words themselves never change with the
//! language; where one is not known here it is shown as it is.

use super::{Bilingual, Change};

/// Word, Vietnamese, English.
type Row = (&'static str, &'static str, &'static str);

fn look_up(table: &[Row], word: &str) -> Bilingual {
    match table.iter().find(|(known, ..)| *known == word) {
        Some((_, vi, en)) => Bilingual::new(*vi, *en),
        None => Bilingual::new(word, word),
    }
}

/// A reason for revocation by its name in RFC 5280, 5.3.1.
pub fn revocation_reason(name: &str) -> Bilingual {
    look_up(
        &[
            ("unspecified", "không nêu lý do", "unspecified"),
            ("keyCompromise", "lộ khóa", "key compromise"),
            ("cACompromise", "lộ khóa của cơ quan cấp", "CA compromise"),
            ("affiliationChanged", "thay đổi đơn vị công tác", "affiliation changed"),
            ("superseded", "được thay bằng chứng thư khác", "superseded"),
            ("cessationOfOperation", "ngừng sử dụng", "cessation of operation"),
            ("certificateHold", "tạm dừng", "on hold"),
            ("removeFromCRL", "gỡ khỏi danh sách", "removed from the list"),
            ("privilegeWithdrawn", "bị rút quyền", "privilege withdrawn"),
            ("aACompromise", "lộ khóa của cơ quan cấp thuộc tính", "AA compromise"),
            ("other", "lý do khác", "another reason"),
        ],
        name,
    )
}

/// Why a timestamp token does not hold or proves nothing: a word, with `|` and what it is about where it
/// needs that.
pub fn timestamp_fault(detail: &str) -> Bilingual {
    let (word, about) = detail.split_once('|').unwrap_or((detail, ""));
    let mut text = look_up(
        &[
            (
                "imprint-differs",
                "giá trị băm trong dấu thời gian không khớp dữ liệu được đóng dấu",
                "the imprint is not the hash of what was stamped",
            ),
            ("digest-differs", "giá trị băm của nội dung dấu thời gian không khớp", "the token's digest differs"),
            ("value-wrong", "chữ ký của máy chủ cấp dấu thời gian sai", "the authority's signature value is wrong"),
            (
                "signing-certificate-other",
                "thuộc tính signing-certificate chỉ tới một chứng thư khác",
                "the signing-certificate attribute names another certificate",
            ),
            (
                "signing-certificate-missing",
                "thiếu thuộc tính signing-certificate",
                "there is no signing-certificate attribute",
            ),
            (
                "usage-unsuitable",
                "chứng thư của máy chủ không dùng để cấp dấu thời gian",
                "the certificate is not for timestamping",
            ),
            (
                "authority-outside-validity",
                "chứng thư của máy chủ không có hiệu lực vào lúc cấp dấu",
                "the authority's certificate was not valid then",
            ),
            (
                "authority-revoked",
                "chứng thư của máy chủ cấp dấu thời gian đã bị thu hồi",
                "the authority's certificate was revoked",
            ),
            ("no-time", "không ghi thời điểm (genTime)", "there is no genTime"),
            ("malformed", "cấu trúc không đúng chuẩn", "malformed"),
            ("structure", "cấu trúc không đúng chuẩn", "the structure is not acceptable"),
            ("future", "thời điểm trong dấu nằm sau thời điểm soát", "its time lies after the audit's clock"),
            ("algorithm-unsupported", "thuật toán chưa được hỗ trợ", "an algorithm is not supported"),
            ("certificate-unreadable", "không đọc được chứng thư của máy chủ", "the certificate cannot be read"),
            (
                "authority-path",
                "chưa dựng được đường dẫn tin cậy cho máy chủ cấp dấu thời gian",
                "the path of the authority is not decided",
            ),
            (
                "algorithm-weak",
                "dùng thuật toán không còn đủ mạnh để chứng minh thời điểm",
                "it uses an algorithm that is not strong enough any more to prove a time",
            ),
            (
                "authority-expired",
                "chứng thư của máy chủ đã hết hạn và không có dấu thời gian lưu trữ nào sau đó chứng minh dấu này có từ trước",
                "the authority's certificate has expired and no later timestamp proves that the token existed before",
            ),
        ],
        word,
    );
    if !about.is_empty() {
        let inner = if word == "structure" { cms_fault(about) } else { structure_fault(about) };
        let inner = if word.starts_with("algorithm") { Bilingual::new(about, about) } else { inner };
        text = Bilingual::new(format!("{} ({})", text.vi, inner.vi), format!("{} ({})", text.en, inner.en));
    }
    text
}

/// An oddity with which a CMS cannot pass (see `cms::note`).
pub fn cms_fault(word: &str) -> Bilingual {
    look_up(
        &[
            (
                "nonzero-padding",
                "có dữ liệu lạ sau chữ ký, trong chuỗi /Contents",
                "data other than zeros behind the CMS",
            ),
            (
                "digest-algorithm-disagrees",
                "hai nơi ghi thuật toán băm mâu thuẫn nhau",
                "signatureAlgorithm and digestAlgorithm disagree",
            ),
            (
                "algorithm-protection-violated",
                "thuật toán dùng khác với thuật toán được bảo vệ (RFC 6211)",
                "other algorithms than those protected (RFC 6211)",
            ),
            (
                "content-type-wrong",
                "thuộc tính content-type khác loại nội dung",
                "the content-type attribute differs from the content",
            ),
            ("content-type-missing", "thiếu thuộc tính content-type", "the content-type attribute is missing"),
            ("content-not-data", "nội dung ký không phải là dữ liệu (id-data)", "the content is not id-data"),
        ],
        word,
    )
}

/// Why a CMS, a range or a structure cannot be used: the reader's own words in English; in Vietnamese what is
/// met most is said, the rest is quoted as a technical detail.
pub fn structure_fault(detail: &str) -> Bilingual {
    const STARTS: &[(&str, &str)] = &[
        ("0 signers", "không có người ký nào trong chữ ký"),
        ("encapsulated-content", "nội dung nằm ngay trong chữ ký, trong khi chữ ký phải tách rời"),
        ("attribute message-digest missing", "thiếu giá trị băm của nội dung (message-digest)"),
        ("message-digest of ", "giá trị băm của nội dung có độ dài sai"),
        ("no signed attributes over", "thiếu các thuộc tính được ký"),
        ("not SignedData but", "không phải cấu trúc chữ ký số (SignedData)"),
        ("no timestamp but", "không phải dấu thời gian"),
        ("unknown /SubFilter", "dạng /SubFilter không được biết đến"),
        ("longer than the limit", "dài hơn giới hạn cho phép"),
        ("empty", "chữ ký rỗng"),
        ("nothing but zeros", "chữ ký chỉ gồm các byte không"),
        ("missing or null", "không có giá trị chữ ký"),
        ("given as an indirect reference", "giá trị chữ ký không nằm trực tiếp trong từ điển chữ ký"),
        ("/Contents", "giá trị chữ ký (/Contents) không đúng chuẩn"),
        ("starts at", "vùng ký không bắt đầu từ đầu tệp"),
        ("the gap", "phần không ký không trùng với giá trị chữ ký"),
        ("gap not at", "phần không ký không nằm ở giá trị chữ ký"),
        ("more gaps than one", "có nhiều hơn một phần không ký"),
        ("one range", "chỉ có một đoạn, không chừa giá trị chữ ký"),
        ("ends inside a revision", "vùng ký kết thúc giữa một phiên bản của tệp"),
        ("a negative entry", "có số âm"),
        ("an entry out of range", "có số quá lớn"),
        ("ranges overlap", "các đoạn chồng lên nhau hoặc sai thứ tự"),
        ("missing", "không có"),
        ("ASN.1", "dữ liệu ASN.1 hỏng"),
    ];
    let signers =
        detail.strip_suffix(" signers").and_then(|count| count.parse::<u64>().ok()).filter(|count| *count > 1);
    let vi = match (signers, STARTS.iter().find(|(start, _)| detail.starts_with(start))) {
        (Some(count), _) => format!("có {count} người ký trong một chữ ký, chỉ được có một"),
        (None, Some((_, vi))) => (*vi).to_owned(),
        (None, None) => format!("chi tiết kỹ thuật: “{detail}”"),
    };
    Bilingual::new(vi, detail)
}

/// A note on a signature, for people: what was met, and what it means for the verdict.
pub fn note(code: &str) -> Bilingual {
    look_up(
        &[
            (
                "timestamp-missing",
                "không có dấu thời gian, giờ ký là giờ tự khai",
                "no timestamp: the time is only claimed",
            ),
            ("timestamp-invalid", "dấu thời gian không hợp lệ", "a timestamp does not hold"),
            ("timestamp-undecided", "chưa xác định được dấu thời gian", "a timestamp could not be decided"),
            ("timestamp-unproven", "dấu thời gian không còn là bằng chứng", "a timestamp that proves nothing any more"),
            ("timestamp-imprint-sha1", "dấu thời gian băm bằng SHA-1", "the timestamp's imprint is SHA-1"),
            ("algorithm-weak", "thuật toán yếu", "weak algorithm"),
            ("signing-time-plus-7h", "công cụ ký ghi giờ Việt Nam như giờ UTC", "the tool wrote local time as UTC"),
            ("signing-time-implausible", "giờ ký tự khai không hợp lý", "the claimed time is implausible"),
            (
                "certificate-name-known-key-not",
                "trùng tên cơ quan cấp có thật nhưng khác khóa",
                "the name of a known issuer, another key",
            ),
            ("certificate-not-specialised", "chứng thư công cộng, sai loại", "a public certificate: the wrong kind"),
            (
                "rsa-digest-info-without-null",
                "mã hóa RSA thiếu tham số NULL, chấp nhận theo đúng một dạng đã biết",
                "RSA DigestInfo without NULL, accepted in exactly that form",
            ),
            (
                "ecdsa-named-by-key",
                "chữ ký ECDSA ghi tên bằng loại khóa, chấp nhận theo thuật toán băm kèm theo",
                "ECDSA named by its key type, verified with the digest algorithm beside it",
            ),
            ("ber-indefinite-length", "mã hóa BER độ dài không xác định", "BER with indefinite lengths"),
            ("signed-attributes-not-der", "thuộc tính được ký không mã hóa DER", "signed attributes not in DER"),
            ("version-unexpected", "số phiên bản cấu trúc lạ", "an unexpected version number"),
            (
                "digest-algorithm-not-listed",
                "thuật toán băm không có trong danh sách chung của chữ ký",
                "the digest algorithm is not listed in SignedData",
            ),
            (
                "undecoded-unsigned-attribute",
                "có thuộc tính không được ký, được bỏ qua",
                "an unsigned attribute was left alone",
            ),
            (
                "unsigned-attributes-malformed",
                "thuộc tính không được ký bị hỏng",
                "the unsigned attributes are malformed",
            ),
            (
                "timestamps-left-out",
                "quá nhiều dấu thời gian, phần sau không xét",
                "more timestamps than are looked at",
            ),
            ("other-certificate-format", "có chứng thư dạng khác, được bỏ qua", "a certificate of another format"),
            ("revocation-data-unreadable", "có dữ liệu thu hồi không đọc được", "unreadable revocation data"),
            ("signing-time-malformed", "giờ ký tự khai không đọc được", "signingTime is unreadable"),
            (
                "ess-issuer-serial-differs",
                "thuộc tính signing-certificate ghi sai nơi cấp hoặc số hiệu",
                "signing-certificate names another issuer or serial number",
            ),
            ("ess-unreadable", "thuộc tính signing-certificate không đọc được", "signing-certificate is unreadable"),
            (
                "document-extended",
                "sau chữ ký cuối còn phần bổ sung được phép",
                "a permitted addition follows the last signature",
            ),
        ],
        code,
    )
}

/// What stands behind a note's code, in words where it is one.
pub fn note_detail(code: &str, detail: &str) -> Bilingual {
    if code.starts_with("timestamp-") && !detail.is_empty() {
        timestamp_fault(detail)
    } else if let Some((first, second)) = detail.split_once('|') {
        Bilingual::new(format!("{first} – {second}"), format!("{first} – {second}"))
    } else {
        Bilingual::new(detail, detail)
    }
}

/// A change after signing. The technical detail is English by nature: it is added to the English text alone,
/// the Vietnamese one names the object.
pub fn change(change: &Change) -> Bilingual {
    let mut text = change_rule(&change.rule);
    if let Some((number, _)) = change.object {
        text.vi = format!("{} (đối tượng {number})", text.vi);
    }
    if !change.detail.is_empty() {
        text.en = format!("{}: {}", text.en, change.detail);
    }
    text
}

/// The rule that a change falls under; in English its stable word.
pub fn change_rule(rule: &str) -> Bilingual {
    // In English the stable word itself is the plainest.
    let vi = match rule {
        "page-content" => "nội dung trang bị đổi",
        "page-entry" => "thuộc tính của trang bị đổi",
        "page-geometry" => "kích thước hoặc hướng trang bị đổi",
        "page-tree" => "trang bị thêm, bớt hoặc đổi thứ tự",
        "object-overwritten" | "shared-object-overwritten" | "external-object-overwritten" => "dữ liệu đã ký bị ghi đè",
        "stream-overwritten" => "luồng dữ liệu đã ký bị ghi đè",
        "font-overwritten" => "phông chữ bị ghi đè",
        "object-added" | "unreferenced-object" => "có dữ liệu thêm không giải thích được",
        "object-removed" | "object-freed" => "dữ liệu đã ký bị gỡ bỏ",
        "dangling-reference-filled" => "chỗ tham chiếu trống khi ký nay được điền nội dung",
        "annotation-added" => "thêm chú thích",
        "annotation-changed" => "chú thích bị đổi",
        "annotation-removed" => "chú thích bị gỡ bỏ",
        "annotation-covers" => "chú thích che nội dung đã ký",
        "annotation-revealed" | "widget-revealed" => "phần bị ẩn khi ký nay hiện ra",
        "annotation-empty" | "annotations-malformed" => "danh sách chú thích không đúng chuẩn",
        "widget-added" => "thêm ô biểu mẫu vào trường có sẵn",
        "widget-changed" => "ô biểu mẫu bị đổi",
        "widget-removed" => "ô biểu mẫu bị gỡ bỏ",
        "form-field-added" => "thêm trường biểu mẫu",
        "form-field-changed" => "trường biểu mẫu bị đổi",
        "form-field-filled" => "điền trường biểu mẫu",
        "form-field-removed" => "trường biểu mẫu bị gỡ bỏ",
        "form-field-malformed" | "form-malformed" => "biểu mẫu không đúng chuẩn",
        "form-entry" => "thuộc tính của biểu mẫu bị đổi",
        "form-removed" => "biểu mẫu bị gỡ bỏ",
        "form-resource-added" | "form-resource-changed" | "form-resource-rebound" => "tài nguyên của biểu mẫu bị đổi",
        "need-appearances" => "yêu cầu phần mềm vẽ lại biểu mẫu",
        "xfa-changed" => "biểu mẫu XFA bị thêm hoặc bị đổi",
        "appearance-without-value" => "hình hiển thị của trường không đúng với giá trị",
        "value-without-appearance" => "giá trị bị đổi mà hình hiển thị vẫn như cũ",
        "field-visibility" => "trường biểu mẫu bị ẩn đi hoặc hiện ra",
        "unsound-signature-shown" => "chữ ký thêm sau không có giá trị nhưng hiển thị trên trang",
        "signed-content-hidden" => "hình thêm sau khi ký che mất nội dung đã ký",
        "cover-not-compared" => "không so sánh được trang trước và sau khi thêm hình",
        "appearance-removed" => "hình hiển thị bị gỡ bỏ",
        "unsigned-appearance" => "ô chữ ký có hình hiển thị nhưng chưa ký",
        "signature-appearance-changed" => "hình hiển thị của chữ ký bị đổi",
        "signature-changed" => "dữ liệu của chữ ký bị đổi",
        "signature-removed" | "signature-field-removed" => "chữ ký bị gỡ bỏ",
        "signature-field-added" => "thêm ô chữ ký",
        "signature-field-signed" => "ký vào ô chữ ký có sẵn",
        "signature-value-reused" => "chữ ký dùng lại dữ liệu của bản đã ký",
        "signature-covers-page" => "hình chữ ký thêm sau che phần lớn trang",
        "certification-after-signature" => "chứng nhận (DocMDP) thêm sau khi đã có chữ ký",
        "permissions-changed" => "quyền sửa đổi do chữ ký đặt ra bị đổi",
        "document-timestamp-added" => "thêm dấu thời gian cho văn bản",
        "security-store" => "kho dữ liệu kiểm tra (DSS) không đúng chuẩn",
        "security-store-updated" => "cập nhật kho dữ liệu kiểm tra (DSS)",
        "structure-tree" => "cấu trúc gắn thẻ bị đổi",
        "structure-tree-extended" => "bổ sung cấu trúc gắn thẻ",
        "hidden-structure" => "có cấu trúc ẩn",
        "metadata-malformed" => "siêu dữ liệu không đúng chuẩn",
        "information-dictionary" => "thông tin văn bản (/Info) bất thường",
        "extensions-malformed" | "extensions-removed" => "khai báo phần mở rộng bị đổi",
        "catalog-entry" | "catalog-moved" | "catalog-missing" => "danh mục gốc của tệp bị đổi",
        "trailer-entry" => "phần cuối tệp bị đổi",
        "encryption-changed" => "chế độ mã hóa bị đổi",
        "action-added" => "thêm hành động tự chạy",
        "readers-disagree" => "hai cách đọc tệp cho kết quả khác nhau",
        other => other,
    };
    Bilingual::new(vi, rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ModificationLevel;

    #[test]
    fn known_words_are_translated_and_others_shown() {
        assert_eq!(revocation_reason("keyCompromise").vi, "lộ khóa");
        assert_eq!(revocation_reason("newReason"), Bilingual::new("newReason", "newReason"));
        assert_eq!(timestamp_fault("algorithm-weak|SHA-1").en.matches("SHA-1").count(), 1);
        assert_ne!(timestamp_fault("imprint-differs").vi, "imprint-differs");
        assert_ne!(cms_fault("nonzero-padding").vi, "nonzero-padding");
        assert!(structure_fault("3 signers").vi.starts_with("có 3 người ký"));
        assert!(structure_fault("AlgorithmIdentifier missing").vi.contains("AlgorithmIdentifier missing"));
        assert_eq!(note_detail("timestamp-invalid", "value-wrong"), timestamp_fault("value-wrong"));
    }

    #[test]
    fn the_technical_detail_of_a_change_is_english_only() {
        let made = Change {
            revision: 1,
            level: ModificationLevel::Forbidden,
            object: Some((12, 0)),
            rule: "page-content".into(),
            detail: "the content stream differs".into(),
        };
        let text = change(&made);
        assert_eq!(text.vi, "nội dung trang bị đổi (đối tượng 12)");
        assert_eq!(text.en, "page-content: the content stream differs");
    }
}
