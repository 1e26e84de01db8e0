//! The command line's help and its complaints in Vietnamese. The English texts stand beside the arguments
//! themselves; a test holds that each has its Vietnamese one here.

use crate::model::Language;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

/// Commands, by their names from the root.
const COMMANDS: [(&str, &str); 25] = [
    ("", "Kiểm tra lại toàn bộ kho văn bản đã ký số và báo cáo, kèm bằng chứng, bao nhiêu phần thực sự là điện tử"),
    ("init", "Tạo soat.toml có chú giải, units.csv, exemptions.csv; tìm sổ đăng ký và đề xuất khai báo"),
    ("doctor", "Xem thư mục, quyền, đồng hồ, sổ, danh sách thu hồi, đĩa và khóa trước khi chạy"),
    ("audit", "Duyệt kho, đọc phần thay đổi, kết luận từng văn bản, lưu lần chạy, in tóm tắt"),
    ("verify", "Kiểm tra từng văn bản, giải thích từng bước"),
    ("certificate", "Xét từng chứng thư: đường dẫn, tình trạng, vai trò, lý do"),
    ("report", "Lập báo cáo từ lần chạy đã lưu; không đọc lại kho"),
    ("gate", "Cửa kiểm soát cuối tháng: mã thoát cho biết đạt hay chưa"),
    ("fixlist", "Danh sách việc cần sửa cho văn thư, mỗi đơn vị một tệp Excel; `fixlist import` đọc lại câu trả lời"),
    (
        "fixlist import",
        "Đọc danh sách đã điền: đề nghị miễn trừ để duyệt và ghi chú, dạng CSV; từ chối tệp có cột được bảo vệ bị sửa, có khóa lạ hoặc thuộc kỳ khác",
    ),
    ("explain", "Một kiểm tra nghĩa là gì, căn cứ, ai sửa và sửa thế nào"),
    ("checks", "Liệt kê mọi kiểm tra"),
    ("trust", "Chứng thư gốc, chứng thư CA và danh sách thu hồi"),
    ("trust list", "Chứng thư, danh sách thu hồi đang có; gốc nào đã xác nhận"),
    (
        "trust import",
        "Chép chứng thư hoặc danh sách thu hồi (tệp hay cả thư mục) vào thư mục cấu hình và cho biết đó là gì",
    ),
    ("trust update", "Tải danh sách thu hồi mới hơn theo địa chỉ ghi trong chứng thư; lệnh duy nhất dùng mạng"),
    ("trust confirm", "Xác nhận dấu vân tay của một gốc sau khi đối chiếu với công bố của cơ quan cấp"),
    ("register", "Xem một sổ đăng ký mà không kiểm tra kho"),
    ("register check", "Cột nào khớp, bảng mã, ngày sai, số khuyết và số trùng"),
    ("runs", "Lịch sử các lần chạy"),
    ("runs list", "Mọi lần chạy đã lưu"),
    ("runs diff", "Phát hiện mới, đã khắc phục, vẫn còn giữa hai lần chạy (mặc định: hai lần cuối)"),
    ("runs prune", "Xóa các lần chạy cũ"),
    ("config", "In từng giá trị cấu hình và nguồn của nó"),
    ("extract", "Chỉ bước trích dữ kiện: in JSON từng dòng cho các tệp được nêu; để chia cho nhiều máy"),
];

/// Commands of the shell itself.
const OTHERS: [(&str, &str); 2] = [
    ("completions", "Tệp tự hoàn thành lệnh cho shell, in ra đầu ra chuẩn"),
    ("man", "Trang hướng dẫn: trang chính ra đầu ra chuẩn, hoặc tất cả vào một thư mục"),
];

/// Arguments by command and name; an empty command: wherever the name stands.
const ARGUMENTS: [(&str, &str, &str); 56] = [
    ("", "config", "Tệp cấu hình (mặc định: soat.toml trong kho, nếu không thì ở thư mục hiện tại)"),
    (
        "",
        "archive",
        "Thư mục kho, như THƯ_MỤC ở các lệnh có tham số đó (mặc định: thư mục hiện tại, hoặc thư mục chứa tệp của --config)",
    ),
    ("", "state", "Cơ sở dữ liệu trạng thái (mặc định: mỗi kho một tệp trong thư mục trạng thái của người dùng)"),
    ("", "lang", "Ngôn ngữ của thông báo và báo cáo"),
    ("", "color", "Màu trên màn hình"),
    ("", "progress", "Thanh tiến độ trên stderr"),
    ("", "quiet", "Ít thông báo hơn trên stderr"),
    ("", "log", "Ghi thêm thông báo, kèm giờ, vào một tệp"),
    ("", "threads", "Số luồng xử lý (mặc định: mỗi bộ xử lý một luồng)"),
    ("", "at", "Thời điểm kiểm tra, RFC 3339 (mặc định: archive.clock trong cấu hình, nếu không thì giờ của máy)"),
    ("", "help", "In hướng dẫn"),
    ("", "version", "In phiên bản"),
    ("init", "folder", "Thư mục để ghi vào (mặc định: thư mục hiện tại)"),
    ("", "folder", "Thư mục kho (mặc định: thư mục hiện tại, hoặc thư mục chứa tệp của --config)"),
    ("audit", "output", "Nơi ghi báo cáo HTML (mặc định: cạnh cơ sở dữ liệu trạng thái)"),
    ("audit", "no_report", "Không ghi báo cáo HTML"),
    ("audit", "rehash", "Đọc lại mọi tệp, kể cả tệp không có vẻ thay đổi"),
    ("audit", "metrics", "Tệp số liệu Prometheus (mặc định: operation.metrics trong cấu hình)"),
    ("audit", "disclose", "Hiện tên người và trích yếu trong báo cáo (được ghi lại trong báo cáo)"),
    ("report", "disclose", "Hiện tên người và trích yếu (được ghi lại trong báo cáo)"),
    ("fixlist", "disclose", "Hiện tên người và trích yếu trong danh sách"),
    ("verify", "files", "Các văn bản"),
    ("extract", "files", "Các văn bản"),
    ("", "paths_from", "Đọc thêm đường dẫn, mỗi dòng một đường dẫn, từ tệp hoặc `-` (đầu vào chuẩn)"),
    (
        "report",
        "format",
        "Các định dạng, cách nhau bằng dấu phẩy: plain, html, xlsx, docx, pdf, csv, json, jsonl, junit, sarif",
    ),
    ("gate", "format", "Định dạng: plain, json, jsonl, junit hoặc sarif"),
    ("", "format", "Định dạng kết quả"),
    ("", "anchors", "Thư mục chứng thư được coi là gốc tin cậy, không dùng cấu hình"),
    ("", "intermediates", "Thư mục chứng thư trung gian"),
    ("", "crls", "Thư mục danh sách thu hồi và phản hồi OCSP"),
    (
        "certificate",
        "files",
        "Tệp chứng thư: DER, PEM hoặc PKCS #7 (.p7b); trong một bộ chỉ xét chứng thư không cấp chứng thư nào khác",
    ),
    (
        "certificate",
        "policy",
        "Chính sách chấp nhận được, dạng số có dấu chấm; nêu được nhiều lần (RFC 5280, 6.1.1 (c); mặc định: bất kỳ)",
    ),
    ("certificate", "explicit_policy", "Bắt buộc có chính sách hợp lệ (RFC 5280, 6.1.1 (f))"),
    ("certificate", "inhibit_policy_mapping", "Không cho phép ánh xạ chính sách (RFC 5280, 6.1.1 (e))"),
    ("certificate", "inhibit_any_policy", "Không để anyPolicy thay cho một chính sách (RFC 5280, 6.1.1 (g))"),
    ("report", "output", "Thư mục để ghi vào; không nêu thì định dạng một tệp được in ra đầu ra chuẩn"),
    ("report", "period", "Kỳ, ví dụ 2026-10, 2026-Q4, 2026-09-15..2026-10-14 (mặc định: kỳ cuối có văn bản)"),
    ("", "period", "Kỳ (mặc định: kỳ cuối có văn bản)"),
    ("", "run", "Số thứ tự lần chạy (mặc định: lần mới nhất)"),
    (
        "report",
        "fonts",
        "Thư mục phông chữ cho PDF (mặc định: Times New Roman, Tinos, Liberation hoặc DejaVu Serif của máy)",
    ),
    ("gate", "profile", "Ngưỡng của [gate.profile.TÊN] thay cho [gate]"),
    ("gate", "baseline", "Các phát hiện đã biết, không làm cửa không đạt; tỷ lệ luôn được xét"),
    (
        "gate",
        "update_baseline",
        "Bỏ khỏi mức nền những gì đã hết; mức nền chỉ được giảm. Chưa có tệp thì lập từ lần chạy này",
    ),
    ("fixlist import", "files", "Các tệp đã điền gửi về (.xlsx, .ods)"),
    ("", "output", "Thư mục để ghi vào (mặc định: thư mục hiện tại)"),
    (
        "extract",
        "shard",
        "Chỉ lấy phần thứ i trong n phần, i/n, i từ 1: cùng một tệp ở máy nào cũng thuộc cùng một phần",
    ),
    ("trust update", "dry_run", "Chỉ cho biết sẽ tải những gì"),
    ("trust update", "timeout", "Số giây cho mỗi danh sách"),
    ("explain", "check", "Mã kiểm tra, ví dụ certificate-not-specialised"),
    ("trust import", "files", "Tệp chứng thư hoặc danh sách thu hồi (DER, PEM), hoặc thư mục chứa chúng"),
    (
        "trust import",
        "by",
        "Người đã đối chiếu dấu vân tay của các gốc đã biết trong số đó: xác nhận ngay. Không nêu thì hỏi khi chạy trên màn hình",
    ),
    ("trust confirm", "sha256", "SHA-256 của chứng thư gốc, 64 chữ số thập lục phân"),
    ("trust confirm", "kind", "Gốc này là gì: specialised (chuyên dùng công vụ) hay public (công cộng)"),
    ("trust confirm", "by", "Người đã đối chiếu"),
    ("register check", "file", "Tệp sổ; không nêu thì mọi sổ trong cấu hình"),
    ("completions", "shell", "Shell nào"),
];

/// Arguments of the commands on the history.
const HISTORY: [(&str, &str, &str); 4] = [
    ("runs diff", "from", "Lần chạy trước"),
    ("runs diff", "to", "Lần chạy sau"),
    ("runs prune", "keep", "Giữ lại bao nhiêu lần mới nhất"),
    ("man", "output", "Thư mục để ghi soat.1, soat-audit.1, …"),
];

/// The language that the words of the command line ask for, before they are parsed: help is printed while
/// parsing.
pub(super) fn language(mut words: impl Iterator<Item = String>, environment: Option<&str>) -> Language {
    let mut asked = environment.map(str::to_owned);
    while let Some(word) = words.next() {
        if word == "--lang" {
            asked = words.next();
        } else if let Some(value) = word.strip_prefix("--lang=") {
            asked = Some(value.to_owned());
        }
    }
    if asked.as_deref() == Some("en") { Language::En } else { Language::Vi }
}

/// The command line with its help in the language.
pub(super) fn localised(command: Command, language: Language) -> Command {
    match language {
        Language::En => command,
        Language::Vi => vietnamese(command, ""),
    }
}

fn vietnamese(mut command: Command, path: &str) -> Command {
    if let Some(about) = about(path) {
        command = command.about(about).long_about(None::<&'static str>);
    }
    // The flags that clap would add carry English texts.
    command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help))
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version))
        .help_template("{about}\n\nCách dùng: {usage}\n\n{all-args}")
        .subcommand_help_heading("Các lệnh")
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "Tham số" } else { "Tùy chọn" };
            let text = argument(path, arg.get_id().as_str());
            let arg = arg.help_heading(heading);
            match text {
                Some(text) => arg.help(text).long_help(None::<&'static str>),
                None => arg,
            }
        });
    let names: Vec<String> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    for name in names {
        let below = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(name, |one| vietnamese(one, &below));
    }
    command
}

fn about(path: &str) -> Option<&'static str> {
    COMMANDS.iter().chain(&OTHERS).find(|(command, _)| *command == path).map(|(_, text)| *text)
}

/// The text of this command's own argument, else of the name wherever it stands.
fn argument(path: &str, name: &str) -> Option<&'static str> {
    let of = |command: &str| {
        let all = ARGUMENTS.iter().chain(&HISTORY);
        all.filter(|(its, id, _)| *its == command && *id == name).map(|(.., text)| *text).next()
    };
    of(path).or_else(|| of(""))
}

/// What is wrong with the words of the command line, with the next action; `None` if nothing is (help was
/// asked for) or only the parser can tell.
pub(super) fn complaint(error: &clap::Error) -> Option<String> {
    let value = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let argument = value(ContextKind::InvalidArg).unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("không có lệnh “{}”", value(ContextKind::InvalidSubcommand).unwrap_or_default())
        }
        ErrorKind::UnknownArgument => format!("không có tùy chọn “{argument}” ở lệnh này"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = value(ContextKind::ValidValue).filter(|valid| !valid.is_empty());
            let valid = valid.map_or_else(String::new, |valid| format!("; nhận: {valid}"));
            format!("{argument}: “{}” không hợp lệ{valid}", value(ContextKind::InvalidValue).unwrap_or_default())
        }
        ErrorKind::MissingRequiredArgument => format!("thiếu {argument}"),
        ErrorKind::MissingSubcommand => "chưa nêu lệnh".to_owned(),
        ErrorKind::ArgumentConflict => format!("{argument} không đi cùng tùy chọn khác đã nêu"),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument}: sai số lượng giá trị")
        }
        ErrorKind::InvalidUtf8 => "tham số không phải UTF-8".to_owned(),
        _ => return None,
    };
    let near = value(ContextKind::SuggestedArg).or_else(|| value(ContextKind::SuggestedSubcommand));
    let near = near.map_or_else(String::new, |near| format!(" (có phải {near}?)"));
    Some(format!("soat: {what}{near}\n  → thêm --help vào lệnh để xem cách dùng"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::Arguments;
    use clap::CommandFactory;

    fn every(command: &Command, path: &str, check: &mut impl FnMut(&Command, &str)) {
        check(command, path);
        for one in command.get_subcommands() {
            let name = one.get_name();
            every(one, &if path.is_empty() { name.to_owned() } else { format!("{path} {name}") }, check);
        }
    }

    #[test]
    fn every_command_and_argument_has_its_vietnamese_text_and_no_text_is_idle() {
        let mut used = std::collections::BTreeSet::new();
        every(&Arguments::command(), "", &mut |command, path| {
            let text = about(path).unwrap_or_else(|| panic!("no text for the command {path:?}"));
            used.insert(text);
            for arg in command.get_arguments() {
                let id = arg.get_id().as_str();
                used.insert(argument(path, id).unwrap_or_else(|| panic!("no text for {path:?} {id}")));
            }
        });
        used.extend(["help", "version"].map(|id| argument("", id).unwrap()));
        let all = COMMANDS.iter().chain(&OTHERS).map(|(_, text)| text);
        let all = all.chain(ARGUMENTS.iter().chain(&HISTORY).map(|(.., text)| text));
        let idle: Vec<_> = all.filter(|text| !used.contains(*text)).collect();
        assert!(idle.is_empty(), "{idle:?}");
    }

    #[test]
    fn the_help_speaks_vietnamese_and_parsing_is_the_same() {
        let mut command = localised(Arguments::command(), Language::Vi);
        command.clone().debug_assert();
        let help = command.render_long_help().to_string();
        for part in ["Cách dùng:", "Các lệnh:", "Tùy chọn:", "In hướng dẫn"] {
            assert!(help.contains(part), "{part} is missing in\n{help}");
        }
        for part in ["Usage", "Options", "Commands", "Print"] {
            assert!(!help.contains(part), "{part} in\n{help}");
        }
        let matches = command.try_get_matches_from(["soat", "audit", "kho", "--lang", "vi", "--no-report"]).unwrap();
        assert_eq!(matches.subcommand_name(), Some("audit"));
    }

    #[test]
    fn the_language_is_known_before_the_words_are_parsed() {
        let of = |words: &[&str], environment| language(words.iter().map(|word| (*word).to_owned()), environment);
        assert_eq!(of(&["soat", "--help"], None), Language::Vi);
        assert_eq!(of(&["soat", "--lang", "en", "--help"], None), Language::En);
        assert_eq!(of(&["soat", "--lang=en"], Some("vi")), Language::En);
        assert_eq!(of(&["soat"], Some("en")), Language::En);
    }

    #[test]
    fn wrong_words_are_said_with_the_next_action() {
        let said = |words: &[&str]| {
            let error = localised(Arguments::command(), Language::Vi).try_get_matches_from(words).unwrap_err();
            complaint(&error)
        };
        assert!(said(&["soat", "adit"]).unwrap().contains("không có lệnh “adit” (có phải audit?)"));
        assert!(said(&["soat", "audit", "--no-reprt"]).unwrap().contains("--no-reprt"));
        assert!(said(&["soat", "--lang", "fr", "checks"]).unwrap().contains("vi, en"));
        assert!(said(&["soat", "explain"]).unwrap().contains("thiếu"));
        assert!(said(&["soat", "--help"]).is_none());
    }
}
