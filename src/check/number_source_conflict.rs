//! `number-source-conflict`: two sources give different number, symbol or date.

use super::prelude::*;
use crate::reference::{Reference, ReferenceKey};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "number-source-conflict",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Số, ký hiệu, ngày không thống nhất", "Number, symbol or date disagree"),
        explanation: text(
            "Hai nguồn chính thức (hình hiển thị chữ ký, phần đầu trang, sổ đăng ký) cho số, ký hiệu hoặc ngày khác nhau. Tên tệp khác với các nguồn đó chỉ là cảnh báo.",
            "Two authoritative sources (signature appearance, page header, register) give a different number, symbol or date. A file name that differs from them is a warning only.",
        ),
        basis: text(
            "Khoản 1 Điều 15, khoản 1 Điều 16 Nghị định 30/2020/NĐ-CP.",
            "Clause 1, Article 15 and clause 1, Article 16 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư: sửa sổ đăng ký hoặc đổi tên tệp.", "Văn thư: correct the register or renames the file."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if !input.is_main() {
        return;
    }
    let sources = &input.class.references;
    let mut conflict = |level, left: &str, right: &str| {
        findings.add_at(
            level,
            input.subject(),
            Bilingual::new(
                format!("Số/ký hiệu/ngày không thống nhất: {left} và {right}."),
                format!("Number/symbol/date disagree: {left} vs {right}."),
            ),
        );
    };
    if let (Some(header), Some(register)) = (&sources.header, &sources.register)
        && header.ascii_key() != register.ascii_key()
    {
        conflict(Level::Error, &header.to_string(), &register.to_string());
    }
    let header_date = input.file.identity().and_then(|identity| identity.date);
    if let (Some(header), Some(register)) = (header_date, input.row.and_then(|row| row.date))
        && header != register
    {
        conflict(Level::Error, &header.day_first(), &register.day_first());
    }
    if let (Some(name), Some(other)) = (&sources.file_name, sources.header.as_ref().or(sources.register.as_ref()))
        && differs(name, other)
        // Named as registered: what differs is the page, and that was said.
        && sources.register.as_ref().is_none_or(|register| differs(name, register))
    {
        conflict(Level::Warn, &other.to_string(), &name.to_string());
    }
}

/// File names shorten symbols: only another number or a symbol that is no beginning of the other differs.
fn differs(name: &Reference, other: &Reference) -> bool {
    let (ReferenceKey { number, symbol, .. }, other) = (name.ascii_key(), other.ascii_key());
    number != other.number || !(symbol.starts_with(&other.symbol) || other.symbol.starts_with(&symbol))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, day, person};

    fn case() -> Case {
        Case::new().signatures([person(), agency()])
    }

    #[test]
    fn register_against_page_is_an_error() {
        let number = case().row(|row| row.reference = "521/SNV-BTXH".into()).run(&CHECK);
        assert_eq!(number[0].level, Level::Error);
        let date = case().row(|row| row.date = Some(day("2026-10-03"))).run(&CHECK);
        assert!(date[0].message.vi.contains("02/10/2026 và 03/10/2026"));
        assert!(case().row(|_| {}).run(&CHECK).is_empty());
    }

    #[test]
    fn one_wrong_source_is_one_finding() {
        let wrong_page = case().class(|class| {
            class.references.header = Reference::parse("621/SNV-BTXH").ok();
            class.references.register = Reference::parse("512/SNV-BTXH").ok();
            class.references.file_name = Reference::parse("512/SNV-BTXH").ok();
        });
        let found = wrong_page.run(&CHECK);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].level, Level::Error);
    }

    #[test]
    fn the_file_name_only_warns_and_may_shorten() {
        let named = |name: &str| {
            let reference = Reference::parse(name).ok();
            case().class(|class| class.references.file_name = reference).run(&CHECK)
        };
        assert_eq!(named("521/SNV-BTXH")[0].level, Level::Warn);
        assert!(named("512/SNV").is_empty());
        assert!(named("512/SNV-BTXH").is_empty());
    }
}
