//! `content-altered-silently`: a file's content changed while its size and times did not.

use super::input::{about, subject};
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "content-altered-silently",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Nội dung tệp đổi mà không có dấu vết ghi", "Content changed without a trace of writing"),
        explanation: text(
            "Mỗi đêm một phần kho được đọc lại và so giá trị băm. Tệp này có nội dung khác lần đọc trước trong khi kích thước, thời gian sửa và số inode vẫn như cũ: đĩa hỏng dần, hoặc có người thay nội dung rồi đặt lại thời gian. Còn báo cho đến khi tệp được thay bằng nội dung khác.",
            "Each night a part of the archive is read again and its hashes are compared. This file's content differs from what was read before while its size, times and inode are the same: bit rot, or somebody changed it and put the times back. Reported until the file gets another content.",
        ),
        basis: text(
            "Kỹ thuật: bảo đảm tính toàn vẹn của tài liệu lưu trữ điện tử.",
            "Technical: integrity of archived electronic records.",
        ),
        remedy: text(
            "Bộ phận CNTT: khôi phục tệp từ bản sao lưu, kiểm tra đĩa và nhật ký truy cập.",
            "IT: restore the file from a backup, check the disk and the access log.",
        ),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    for altered in input.altered {
        let at = input.files.iter().position(|file| file.path == altered.path);
        let Some(class) = at.and_then(|at| input.records.documents.get(at)) else { continue };
        let (before, after) = (altered.before.to_string(), altered.after.to_string());
        let short = |digest: &str| digest.get(..16).unwrap_or_default().to_owned();
        let (before, after) = (short(&before), short(&after));
        findings.add_about(
            Level::Error,
            subject(class),
            about(class),
            Bilingual::new(
                format!("Nội dung đổi từ {before}… thành {after}… mà kích thước và thời gian của tệp không đổi."),
                format!("The content changed from {before}… to {after}… while size and times did not."),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, person};
    use crate::model::{AlteredContent, Sha256Digest};

    fn case(path: &str) -> ArchiveCase {
        let altered = AlteredContent { path: path.into(), before: Sha256Digest([1; 32]), after: Sha256Digest([2; 32]) };
        ArchiveCase::new().file("a.pdf", [person()]).with(|case| case.altered.push(altered))
    }

    #[test]
    fn a_file_of_the_archive_fires_with_both_hashes() {
        let found = case("a.pdf").run(&CHECK);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.vi.contains("0101010101010101") && found[0].message.vi.contains("0202020202020202"));
        assert_eq!(found[0].path.as_deref(), Some("a.pdf"));
    }

    #[test]
    fn a_file_that_is_gone_and_an_untouched_archive_are_silent() {
        assert!(case("gone.pdf").run(&CHECK).is_empty());
        assert!(ArchiveCase::new().file("a.pdf", [person()]).run(&CHECK).is_empty());
    }
}
