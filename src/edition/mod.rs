//! The law as dated data.
//!
//! An edition holds from its first day until the next edition's; it is chosen by the day a document
//! was signed. Editions say how strong an algorithm has to be and whether a timestamp is expected; an
//! operator may tighten this, never turn "indeterminate" into a pass.

use crate::model::{Bilingual, CalendarDate, UnixTime, ValidityModel};
use serde::Deserialize;

/// The editions compiled in, oldest first.
const SOURCES: &[&str] = &[
    include_str!("../../editions/before-2018-02-05.toml"),
    include_str!("../../editions/2018-02-05.toml"),
    include_str!("../../editions/2024-08-15.toml"),
    include_str!("../../editions/2025-08-15.toml"),
    include_str!("../../editions/2026-11-15.toml"),
];

/// The law of a span of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Its id: the first day.
    pub id: String,
    /// First day; `None` for the oldest.
    pub first_day: Option<CalendarDate>,
    /// Acts it stands on.
    pub title: Bilingual,
    /// How well the text is known: `read`, `partial`, `unverified`, `ours`.
    pub mark: String,
    /// A kept outgoing document is expected to carry a timestamp.
    pub timestamp_expected: bool,
    /// Which moment the certificates of a path have to be valid at.
    pub validity_model: ValidityModel,
    algorithms: Vec<AlgorithmRule>,
}

/// What an edition says of one algorithm.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct AlgorithmRule {
    name: String,
    minimum_bits: Option<u32>,
    level: AlgorithmLevel,
    /// Where it differs: in what proves a time.
    timestamp: Option<AlgorithmLevel>,
}

/// How an algorithm below the bar is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlgorithmLevel {
    /// Said so; the verdict stays.
    Warn,
    /// The signature cannot pass.
    Fail,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    id: String,
    first_day: Option<toml::value::Datetime>,
    mark: String,
    title_vi: String,
    title_en: String,
    timestamp_expected: bool,
    /// Left out: shell.
    #[serde(default)]
    validity_model: ValidityModel,
    algorithm: Vec<AlgorithmRule>,
}

/// All editions.
#[derive(Clone, Debug)]
pub struct Editions(Vec<Edition>);

/// An edition's data is wrong: a fault of this program's build.
#[derive(Debug, thiserror::Error)]
#[error("edition data: {0}")]
pub struct EditionError(String);

impl Editions {
    /// Reads the editions compiled in.
    pub fn built_in() -> Result<Self, EditionError> {
        let editions = SOURCES.iter().map(|source| parse(source)).collect::<Result<Vec<_>, _>>()?;
        if editions.is_empty() || !editions.windows(2).all(|pair| pair[0].first_day < pair[1].first_day) {
            return Err(EditionError("editions are not in order of their first day".into()));
        }
        Ok(Self(editions))
    }

    /// The built-in editions under another validity model.
    #[cfg(test)]
    pub(crate) fn with_model(model: ValidityModel) -> Self {
        let mut editions = Self::built_in().unwrap();
        editions.0.iter_mut().for_each(|edition| edition.validity_model = model);
        editions
    }

    /// The edition in force on the day of `time` in Vietnam; without a time, the newest.
    pub fn at(&self, time: Option<UnixTime>) -> Option<&Edition> {
        let day = time.and_then(UnixTime::date_in_vietnam);
        self.0.iter().rev().find(|edition| match (day, edition.first_day) {
            (Some(day), Some(first)) => first <= day,
            _ => true,
        })
    }
}

fn parse(source: &str) -> Result<Edition, EditionError> {
    let source: Source = toml::from_str(source).map_err(|error| EditionError(error.to_string()))?;
    let first_day = match source.first_day {
        None => None,
        Some(day) => Some(day.to_string().parse().map_err(|_| EditionError(format!("{}: first_day", source.id)))?),
    };
    Ok(Edition {
        id: source.id,
        first_day,
        title: Bilingual::new(source.title_vi, source.title_en),
        mark: source.mark,
        timestamp_expected: source.timestamp_expected,
        validity_model: source.validity_model,
        algorithms: source.algorithm,
    })
}

impl Edition {
    /// How this edition takes an algorithm: a digest (`SHA-1`) or a key (`RSA`, `ECDSA`) of `bits`.
    /// `None`: strong enough.
    pub fn weakness(&self, name: &str, bits: Option<u32>) -> Option<AlgorithmLevel> {
        self.rules(name, bits).map(|rule| rule.level).max()
    }

    /// The same for what a timestamp's proof rests on: the authority's signature over the token, and the
    /// imprint of a document timestamp. Whoever has one made chooses part of what is digested, so that a
    /// collision is enough for another time or another document.
    pub fn timestamp_weakness(&self, name: &str, bits: Option<u32>) -> Option<AlgorithmLevel> {
        self.rules(name, bits).map(|rule| rule.timestamp.unwrap_or(rule.level)).max()
    }

    fn rules<'a>(&'a self, name: &'a str, bits: Option<u32>) -> impl Iterator<Item = &'a AlgorithmRule> {
        self.algorithms.iter().filter(move |rule| rule.name == name).filter(move |rule| {
            match (rule.minimum_bits, bits) {
                (None, _) => true,
                (Some(minimum), Some(bits)) => bits < minimum,
                (Some(_), None) => false,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Edition {
        let day: CalendarDate = day.parse().unwrap();
        let noon = UnixTime(i64::from(day.0.to_julian_day() - 2_440_588) * 86_400 + 5 * 3_600);
        Editions::built_in().unwrap().at(Some(noon)).unwrap().clone()
    }

    #[test]
    fn the_edition_is_chosen_by_the_day_of_signing() {
        assert_eq!(at("2017-01-01").id, "before-2018-02-05");
        assert_eq!(at("2024-08-14").id, "2018-02-05");
        assert_eq!(at("2024-08-15").id, "2024-08-15");
        assert_eq!(at("2026-11-15").id, "2026-11-15");
    }

    #[test]
    fn sha1_warns_at_every_date_and_short_rsa_fails_from_2025() {
        for day in ["2017-01-01", "2021-01-01", "2025-11-01", "2026-12-01"] {
            assert_eq!(at(day).weakness("SHA-1", None), Some(AlgorithmLevel::Warn), "{day}");
        }
        assert_eq!(at("2025-08-14").weakness("RSA", Some(1024)), Some(AlgorithmLevel::Warn));
        assert_eq!(at("2025-08-15").weakness("RSA", Some(1024)), Some(AlgorithmLevel::Fail));
        assert_eq!(at("2025-08-15").weakness("RSA", Some(2048)), None);
        assert_eq!(at("2025-08-15").weakness("SHA-256", None), None);
    }

    #[test]
    fn a_proof_of_time_does_not_rest_on_sha1_from_2025() {
        let level = |day, name| at(day).timestamp_weakness(name, None);
        assert_eq!(level("2018-03-01", "SHA-1"), Some(AlgorithmLevel::Warn));
        assert_eq!(level("2025-08-14", "SHA-1"), Some(AlgorithmLevel::Warn));
        assert_eq!(level("2025-08-15", "SHA-1"), Some(AlgorithmLevel::Fail));
        assert_eq!(level("2026-12-01", "MD5"), Some(AlgorithmLevel::Fail));
        assert_eq!(level("2026-12-01", "SHA-256"), None);
        assert_eq!(at("2026-12-01").timestamp_weakness("RSA", Some(1024)), Some(AlgorithmLevel::Fail));
    }

    #[test]
    fn the_validity_model_is_the_shell_unless_an_edition_says_otherwise() {
        assert_eq!(at("2026-12-01").validity_model, ValidityModel::Shell);
        let source = SOURCES[0].replace("timestamp_expected", "validity_model = \"chain\"\ntimestamp_expected");
        assert_eq!(parse(&source).unwrap().validity_model, ValidityModel::Chain);
        assert!(parse(&source.replace("chain", "hybrid")).is_err());
    }
}
