//! `trust-anchor-unconfirmed`: a root that the operator has not confirmed.

use super::prelude::*;
use crate::model::{Sha256Digest, Trust};
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "trust-anchor-unconfirmed",
        level: Level::Indeterminate,
        scope: Scope::Archive,
        title: text("Chứng thư gốc chưa được đơn vị xác nhận", "Root certificate not confirmed"),
        explanation: text(
            "Đường dẫn chứng thực kết thúc ở một chứng thư gốc có trong thư mục nhưng mã SHA-256 chưa được đơn vị xác nhận trong cấu hình. Đường dẫn vẫn được dựng và hiển thị, nhưng kết quả là chưa xác định cho đến khi xác nhận.",
            "A path ends at a root that was imported or is known, but whose SHA-256 the operator has not confirmed in the configuration. The chain is computed and shown, but counts as indeterminate until confirmed.",
        ),
        basis: text(
            "Kỹ thuật; đường dẫn tới chứng thư gốc: điểm b khoản 1 Điều 8 Thông tư 41/2017/TT-BTTTT (theo bản trích công khai, chưa đối chiếu bản gốc).",
            "Technical; path to the root: point b, clause 1, Article 8 of Circular 41/2017/TT-BTTTT (from public excerpts, not compared with the original).",
        ),
        remedy: text(
            "Bộ phận CNTT: đối chiếu mã SHA-256 với công bố của nơi cấp rồi xác nhận trong cấu hình.",
            "IT: compare the fingerprint with the authority's publication, then confirm it.",
        ),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    let mut roots: BTreeMap<Option<Sha256Digest>, (u32, Option<&str>)> = BTreeMap::new();
    for verdict in input.files.iter().flat_map(|file| file.verdicts).filter(|v| v.trust == Trust::Unconfirmed) {
        let root = roots.entry(verdict.path.last().copied()).or_insert((0, verdict.issuer.as_deref()));
        root.0 = root.0.saturating_add(1);
    }
    for (sha256, (count, issuer)) in roots {
        let known = input.authorities.iter().find(|authority| Some(authority.sha256) == sha256);
        let name = known.map(|authority| authority.name.as_str()).or(issuer).unwrap_or("?");
        let print = sha256.map(|sha256| format!(", SHA-256 {sha256}")).unwrap_or_default();
        findings.add(
            name,
            Bilingual::new(
                format!("Chứng thư gốc {name}{print} chưa được đơn vị xác nhận ({count} chữ ký); kết quả tạm là \"chưa xác định\"."),
                format!("Root {name}{print} is not confirmed by the operator ({count} signatures); result stays indeterminate."),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, person, undecided};

    #[test]
    fn one_finding_per_root() {
        let mut verdict = undecided(person(), "trust-anchor-unconfirmed");
        verdict.trust = Trust::Unconfirmed;
        verdict.path = vec![Sha256Digest([9; 32])];
        let case = ArchiveCase::new().file("a.pdf", [verdict.clone()]).file("b.pdf", [verdict]);
        let found = case.run(&CHECK);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.vi.contains("2 chữ ký"));
    }

    #[test]
    fn is_silent_on_confirmed_roots() {
        assert!(ArchiveCase::new().file("a.pdf", [person()]).run(&CHECK).is_empty());
    }
}
