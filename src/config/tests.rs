use super::*;

const FULL: &str = r#"
[archive]
name = "Sở Nội vụ tỉnh An Bình"
agency = "SNV"
documents = ["documents", "more"]
exclude = ["**/~$*", "**/Thumbs.db"]
organisation = "units.csv"
clock = "2026-11-05T08:00:00+07:00"
ocr = "/usr/bin/tesseract"

[[register]]
kind = "outgoing"
path = "registers/so.xlsx"
sheet = "Sổ đăng ký"
preset = "decree-30"
  [register.columns]
  unit = "Đơn vị soạn thảo"

[[register]]
kind = "cancelled"
path = "c.csv"
encoding = "tcvn3"

[trust]
folder = "trust"
  [[trust.anchor]]
  sha256 = "0101010101010101010101010101010101010101010101010101010101010101"
  kind = "specialised"
  confirmed_by = "Nguyễn Văn A, phòng CNTT"
  confirmed_on = 2026-09-01

[revocation]
folder = "crls"

[[signer]]
sha256 = "02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02"
role = "republisher"

[rate]
basis = "n2"
target_electronic = 90
scope = "exchanged"

[period]
cutoff_day = 15

[check]
"timestamp-missing" = "info"
[gate]
fail_on = "never"
minimum_coverage = 80
[limits]
steps = 5
[operation]
metrics = "soat.prom"
notify = ["bao-tin", "--json"]
recheck_days = 14

[disclose]
level = "full"
"#;

#[test]
fn every_key_arrives() {
    let config = Config::parse("soat.toml", FULL).unwrap();
    assert_eq!(config.archive.documents, ["documents", "more"]);
    assert_eq!(config.archive.clock.unwrap().to_string(), "2026-11-05T08:00:00+07:00");
    assert!(config.is_excluded("a/~$b.docx") && !config.is_excluded("a/b.pdf"));
    assert_eq!(config.registers.len(), 2);
    let outgoing = config.registers_of(RegisterKind::Outgoing).next().unwrap();
    assert_eq!(outgoing.columns.get("unit").map(String::as_str), Some("Đơn vị soạn thảo"));
    assert_eq!(config.registers[1].encoding, Some(Encoding::Tcvn3));
    let anchor = config.anchors.get(&Sha256Digest([1; 32])).unwrap();
    assert_eq!((anchor.kind, anchor.confirmed_on), (AnchorKind::Specialised, "2026-09-01".parse().unwrap()));
    assert_eq!(config.signers.get(&Sha256Digest([2; 32])).unwrap().role(), (Role::Agency, true));
    assert_eq!(
        (config.rate.basis, config.rate.target_electronic, config.rate.exchanged_only),
        (RateKind::N2, 90, true)
    );
    assert_eq!(config.rate.target_work_files, 40);
    assert_eq!(config.calendar.parse("2026-10").unwrap().first, "2026-09-15".parse().unwrap());
    assert_eq!(config.checks.get("timestamp-missing"), Some(&CheckLevel::At(Level::Info)));
    assert_eq!((config.fail_on, config.minimum_coverage, config.limits.steps), (None, 80, 5));
    assert_eq!(config.disclosure, Disclosure::Full);
    assert_eq!(config.method().cutoff_day, 15);
}

#[test]
fn nothing_written_means_defaults() {
    let config = Config::parse("soat.toml", "").unwrap();
    assert_eq!(config.archive, Config::default().archive);
    assert_eq!(config.fail_on, Some(Level::Error));
    assert!(config.settings().iter().all(|setting| setting.origin == Origin::Default));
}

#[test]
fn the_template_parses_to_the_defaults() {
    let config = Config::parse("soat.toml", TEMPLATE).unwrap();
    let default = Config::default();
    assert_eq!((config.rate, config.limits, config.disclosure), (default.rate, default.limits, default.disclosure));
    assert_eq!((config.fail_on, config.minimum_coverage), (default.fail_on, default.minimum_coverage));
    // With the examples uncommented it names every section.
    let uncommented = TEMPLATE
        .lines()
        .map(|line| match line.strip_prefix("# ").or_else(|| line.strip_prefix("#   ")) {
            Some(rest)
                if rest.starts_with(['[', ' ', '"'])
                    || rest.split_once(" = ").is_some_and(|(key, _)| {
                        key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
                    }) =>
            {
                rest
            }
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
        .replace("…64 chữ số thập lục phân…", &"01".repeat(32))
        .replacen("…", &"02".repeat(32), 1);
    let uncommented = uncommented
        .lines()
        .filter(|line| !line.trim_start().starts_with("| ") && !line.contains("kind: outgoing"))
        .collect::<Vec<_>>()
        .join("\n");
    let config = Config::parse("soat.toml", &uncommented).unwrap_or_else(|error| panic!("{error}\n{uncommented}"));
    assert_eq!((config.registers.len(), config.anchors.len(), config.signers.len(), config.checks.len()), (1, 1, 1, 1));
    assert_eq!((config.waivers.len(), config.holidays.len(), config.make_up_days.len()), (1, 4, 1));
}

#[test]
fn errors_name_line_and_column() {
    let cases = [
        ("[archive]\nnmae = \"x\"\n", (2, 1), "nmae"),
        ("[archiv]\n", (1, 2), "archiv"),
        ("[archive]\nname = 5\n", (2, 8), "5"),
        ("[archive]\nexclude = [\"ok\", \"[a\"]\n", (2, 18), "[a"),
        ("[archive]\ndocuments = []\n", (2, 13), "documents"),
        ("[archive]\nclock = \"2026-11-05\"\n", (2, 9), "2026-11-05"),
        ("[rate]\nbasis = \"n4\"\n", (2, 9), "n4"),
        ("[rate]\ntarget_electronic = 101\n", (2, 21), "101"),
        ("[rate]\ntarget_electronic = -1\n", (2, 21), "-1"),
        ("[period]\ncutoff_day = 29\n", (2, 14), "29"),
        ("[check]\nx = \"pass\"\n", (2, 5), "pass"),
        ("[gate]\nfail_on = \"info\"\n", (2, 11), "info"),
        ("[limits]\nsteps = 0\n", (2, 9), "0"),
        ("[[register]]\nkind = \"in\"\npath = \"a.csv\"\n", (2, 8), "in"),
        ("[[register]]\nkind = \"outgoing\"\npath = \"a.doc\"\n", (3, 8), "a.doc"),
        ("[[register]]\nkind = \"outgoing\"\npath = \"a.csv\"\nencoding = \"latin1\"\n", (4, 12), "latin1"),
        ("[[register]]\nkind = \"outgoing\"\npath = \"a.csv\"\nsheet = \"x\"\n", (4, 9), "sheet"),
        ("[[register]]\nkind = \"outgoing\"\npath = \"a.csv\"\n[register.columns]\ndon_vi = \"x\"\n", (5, 1), "don_vi"),
        ("[[signer]]\nsha256 = \"12\"\nrole = \"person\"\n", (2, 10), "12"),
        ("a = = 1", (1, 5), ""),
    ];
    for (text, position, named) in cases {
        let error = Config::parse("soat.toml", text).expect_err(text);
        assert_eq!(error.position, Some(position), "{text}: {error}");
        assert!(error.message.vi.contains(named) && error.message.en.contains(named), "{error}");
    }
    let anchor = format!(
        "[[trust.anchor]]\nsha256 = \"{}\"\nkind = \"national\"\nconfirmed_by = \"A\"\nconfirmed_on = 2026-09-01\n",
        "01".repeat(32)
    );
    assert_eq!(Config::parse("soat.toml", &anchor).unwrap_err().position, Some((3, 8)));
    let anchor = anchor.replace("national", "public");
    let twice = format!("{anchor}{anchor}");
    assert_eq!(Config::parse("soat.toml", &twice).unwrap_err().position, Some((7, 10)));
    let blank = anchor.replace("\"A\"", "\" \"");
    assert_eq!(Config::parse("soat.toml", &blank).unwrap_err().position, Some((4, 16)));
    assert_eq!(
        Config::parse("soat.toml", "[archive]\nnmae = 1\n").unwrap_err().full().vi.split(';').next(),
        Some("soat.toml, dòng 2, cột 1: không có khóa `nmae`")
    );
}

#[test]
fn unknown_checks_are_refused_where_they_stand() {
    let config = Config::parse("soat.toml", "[check]\n\"timestamp-missing\" = \"off\"\n\"x-y\" = \"warn\"\n").unwrap();
    assert_eq!(config.verify_check_ids(|id| id == "timestamp-missing").unwrap_err().position, Some((3, 1)));
    assert_eq!(config.verify_check_ids(|_| true), Ok(()));
}

#[test]
fn flags_win_over_environment_over_file() {
    let mut config = Config::parse("soat.toml", "[rate]\nbasis = \"n1\"\n").unwrap();
    let setting = |config: &Config| config.settings().into_iter().find(|s| s.key == "rate.basis").unwrap();
    assert_eq!((setting(&config).origin, setting(&config).line), (Origin::File, Some(2)));
    config.set("rate.basis", "n2", Origin::Flag, "--basis").unwrap();
    config.set("rate.basis", "n3", Origin::Environment, "SOAT_RATE_BASIS").unwrap();
    assert_eq!((setting(&config).value.as_str(), setting(&config).origin), ("n2", Origin::Flag));
    assert_eq!(environment_name("rate.basis"), "SOAT_RATE_BASIS");
    let error = config.set("rate.basis", "n9", Origin::Flag, "--basis").unwrap_err();
    assert!(error.full().vi.starts_with("--basis: “n9”"));
    assert!(config.set("rate.colour", "red", Origin::Flag, "--colour").is_err());
}

#[test]
fn every_value_shown_can_be_set_again() {
    let config = Config::parse("soat.toml", FULL).unwrap();
    let mut copy = Config::default();
    for setting in config.settings().into_iter().filter(|s| Config::keys().contains(&s.key.as_str())) {
        assert!(!setting.value.is_empty(), "{}", setting.key);
        copy.set(&setting.key, &setting.value, Origin::Flag, "test").unwrap();
    }
    assert_eq!(
        (copy.rate, copy.limits, copy.disclosure, copy.operation.recheck_days),
        (config.rate.clone(), config.limits.clone(), config.disclosure, 14)
    );
    assert_eq!((copy.archive.clock, copy.cutoff_day, copy.fail_on), (config.archive.clock, 15, None));
}

proptest::proptest! {
    #[test]
    fn any_text_is_survived(text in "\\PC{0,80}") {
        let _ = Config::parse("soat.toml", &text);
    }
}
