//! The generator: documents, register, trust folder and configuration from a seed.

mod cms;
mod der;
mod document;

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// Small deterministic generator (SplitMix64), so that a seed always gives the same archive.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

const UNITS: [&str; 6] = ["VP", "TCCB", "CCHC", "BTXH", "LĐVL", "NCC"];

/// Makes `documents` documents below `folder`.
pub(crate) fn make(folder: &Path, documents: u64, seed: u64) -> io::Result<()> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");

    let signers = cms::Signers::load(&fixtures.join("pki"))?;
    let mut register = String::from(
        "Số, ký hiệu văn bản,Ngày tháng văn bản,Tên loại và trích yếu nội dung văn bản,Người ký,Nơi nhận văn bản,\
         \"Đơn vị, người nhận bản lưu\",Số lượng bản,Ngày chuyển,Ký nhận,Ghi chú,Đơn vị soạn thảo\n",
    );
    for index in 0..documents {
        let mut random = Random(seed.wrapping_mul(1_000_003).wrapping_add(index));
        let unit = UNITS[usize::try_from(random.below(6)).unwrap_or(0)];
        let day = index * 61 / documents.max(1);
        let (month, day) = if day < 30 { (9, day + 1) } else { (10, day - 29) };
        let plan = document::Plan {
            number: index + 1,
            unit,
            day: u8::try_from(day).unwrap_or(1),
            month,
            bytes: 50_000 + usize::try_from(random.below(1_400_000)).unwrap_or(0),
            agency_signature: random.below(100) < 35,
            timestamped: random.below(100) < 60,
        };
        let bytes = document::signed(&plan, &signers, &mut random)?;
        let path = folder.join(format!("documents/{unit}/2026-{month:02}"));
        fs::create_dir_all(&path)?;
        fs::write(path.join(format!("{}-SNV-{unit}.signed.pdf", plan.number)), bytes)?;
        let date = format!("{:02}/{month:02}/2026", plan.day);
        let _ = writeln!(
            register,
            "{}/SNV-{unit},{date},V/v thực hiện nhiệm vụ số {},Đặng Văn Khoa,Các sở,\"VT, {unit}\",,{date},,,{unit}",
            plan.number, plan.number
        );
    }
    fs::create_dir_all(folder.join("registers"))?;
    fs::write(folder.join("registers/so-van-ban-di.csv"), register)?;
    let source = fixtures.join("archive");
    for part in ["trust", "crls"] {
        fs::create_dir_all(folder.join(part))?;
        for entry in fs::read_dir(source.join(part))? {
            let entry = entry?;
            fs::copy(entry.path(), folder.join(part).join(entry.file_name()))?;
        }
    }
    fs::copy(source.join("units.csv"), folder.join("units.csv"))?;
    fs::write(folder.join("soat.toml"), configuration(&signers))
}

/// One document with many revisions, see [`document::many_revisions`].
#[allow(dead_code, reason = "for the benchmark of revisions")]
pub(crate) fn many_revisions(revisions: u32, signatures: u32, objects: u32) -> io::Result<Vec<u8>> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    document::many_revisions(revisions, signatures, objects, &cms::Signers::load(&fixtures.join("pki"))?)
}

/// A configuration like the bundled archive's, with the CSV register.
fn configuration(signers: &cms::Signers) -> String {
    format!(
        "[archive]\nname = \"Kho đo hiệu năng\"\nagency = \"SNV\"\ndocuments = [\"documents\"]\n\
         organisation = \"units.csv\"\nclock = \"2026-11-05T08:00:00+07:00\"\n\n\
         [[register]]\nkind = \"outgoing\"\npath = \"registers/so-van-ban-di.csv\"\n\n\
         [trust]\nfolder = \"trust\"\n\n[[trust.anchor]]\nsha256 = \"{}\"\nkind = \"specialised\"\n\
         confirmed_by = \"benchmark\"\nconfirmed_on = 2026-09-01\n\n[revocation]\nfolder = \"crls\"\n",
        signers.root_fingerprint
    )
}
