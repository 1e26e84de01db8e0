//! What the operating system says, in the reader's language.

use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use crate::archive::{Nothing, NothingToAudit};
use crate::model::Bilingual;
use std::io::{Error, ErrorKind};

/// The error in the reader's language.
pub(super) fn say(error: &Error, terminal: &Terminal) -> String {
    words(error).get(terminal.language).to_owned()
}

/// The error in words; kinds that people meet are said in Vietnamese, the rest as the system says it.
pub(super) fn words(error: &Error) -> Bilingual {
    let (vi, en) = match error.kind() {
        ErrorKind::NotFound => ("không có tệp hoặc thư mục này", "no such file or folder"),
        ErrorKind::PermissionDenied => ("không có quyền truy cập", "permission denied"),
        ErrorKind::StorageFull => ("hết dung lượng đĩa", "no space left on the disk"),
        ErrorKind::QuotaExceeded => ("vượt hạn mức đĩa được cấp", "disk quota exceeded"),
        ErrorKind::ReadOnlyFilesystem => ("ổ đĩa chỉ cho đọc", "read-only file system"),
        ErrorKind::FileTooLarge => ("tệp vượt giới hạn kích thước của hệ thống", "file too large for the system"),
        ErrorKind::NotADirectory => ("không phải thư mục", "not a folder"),
        ErrorKind::IsADirectory => ("là thư mục, không phải tệp", "a folder, not a file"),
        ErrorKind::AlreadyExists => ("đã có sẵn", "exists already"),
        ErrorKind::TimedOut => ("quá thời gian chờ", "timed out"),
        ErrorKind::ConnectionRefused => ("máy chủ từ chối kết nối", "connection refused"),
        ErrorKind::ConnectionReset => ("kết nối bị ngắt", "connection reset"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            ("không tới được máy chủ (mạng)", "host or network unreachable")
        }
        ErrorKind::StaleNetworkFileHandle => ("ổ mạng đã bị ngắt hoặc gắn lại", "stale network file handle"),
        ErrorKind::InvalidData => ("nội dung không đúng định dạng", "malformed content"),
        ErrorKind::UnexpectedEof => ("dữ liệu bị cụt", "unexpected end of data"),
        _ => return Bilingual::new(error.to_string(), error.to_string()),
    };
    Bilingual::new(vi, en)
}

/// Nothing to audit: what is wrong with which folder, and what to do.
pub(super) fn nothing(nothing: &NothingToAudit, terminal: &Terminal) -> Failure {
    let reason = match &nothing.reason {
        Nothing::NotAFolder => terminal.pick("không phải thư mục", "not a folder").to_owned(),
        Nothing::NoFile => terminal.pick("không có tệp nào để kiểm tra", "there is no file in it").to_owned(),
        Nothing::System(error) => say(error, terminal),
    };
    let hint = terminal.pick(
        "xem đường dẫn có đúng không, ổ mạng đã được gắn chưa, tài khoản này có quyền đọc không",
        "is the path right, is the share mounted, may this account read it?",
    );
    Failure::message(Exit::Nothing, format!("{}: {reason}\n  → {hint}", nothing.path.display()))
}
