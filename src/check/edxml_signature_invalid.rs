//! `edxml-signature-invalid`: the XML signature of a package does not verify.

use super::edxml::packages;
use super::prelude::*;
use crate::model::PackageSignature;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "edxml-signature-invalid",
        level: Level::Warn,
        scope: Scope::Archive,
        title: text("Chữ ký của gói edXML không hợp lệ", "edXML package signature is invalid"),
        explanation: text(
            "Gói edXML có chữ ký XML nhưng giá trị băm hoặc giá trị chữ ký không đúng với khóa của chứng thư kèm theo. Không có chữ ký hoặc khung chữ ký để trống là bình thường. Thuật toán, phép biến đổi hay tham chiếu ngoài phạm vi kiểm tra: chưa xác định. Không xét chứng thư đó có đáng tin cậy hay không.",
            "The package has an XML signature, but a digest or the value is wrong with the key of the certificate carried. No signature, or an empty frame, is normal. An algorithm, transform or reference out of scope: undecided. Trust in that certificate is not judged.",
        ),
        basis: text("QCVN 102:2016/BTTTT (chưa đối chiếu).", "QCVN 102:2016/BTTTT (not compared with the text)."),
        remedy: text("Bộ phận CNTT: kiểm tra phần mềm kết nối.", "IT: check the connector."),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    for package in packages(input) {
        let (level, message) = match &package.facts.signature {
            PackageSignature::Absent | PackageSignature::Verifies => continue,
            PackageSignature::Invalid(what) => (
                Level::Warn,
                Bilingual::new(
                    format!("Chữ ký của gói edXML không hợp lệ ({what})."),
                    format!("edXML package signature is invalid ({what})."),
                ),
            ),
            PackageSignature::Undecided(why) => (
                Level::Indeterminate,
                Bilingual::new(
                    format!("Chữ ký của gói edXML: chưa đủ căn cứ kết luận hợp lệ ({why})."),
                    format!("edXML package signature could not be judged ({why})."),
                ),
            ),
        };
        findings.add_about(level, package.subject(), package.about(), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::ArchiveCase;

    fn levels(signature: PackageSignature) -> Vec<Level> {
        let case = ArchiveCase::new().package("edxml/512.edxml", |facts| facts.signature = signature);
        case.run(&CHECK).iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn a_wrong_signature_fires_and_one_out_of_scope_is_undecided() {
        assert_eq!(levels(PackageSignature::Invalid("SignatureValue".into())), [Level::Warn]);
        assert_eq!(levels(PackageSignature::Undecided("transform x".into())), [Level::Indeterminate]);
    }

    #[test]
    fn none_and_a_right_one_are_in_order() {
        assert!(levels(PackageSignature::Absent).is_empty());
        assert!(levels(PackageSignature::Verifies).is_empty());
    }
}
