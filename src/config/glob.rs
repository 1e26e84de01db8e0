//! Glob patterns over `/`-separated relative paths: `?` one character, `*` any within a component, `**`
//! any number of components, `[a-z]` and `[!a-z]` sets, `{a,b}` alternatives. A pattern without `/` matches
//! the last component anywhere, as people expect of `Thumbs.db`. Compared composed (NFC), case as written.

use unicode_normalization::UnicodeNormalization;

/// Most alternatives that braces may expand to.
const MAX_ALTERNATIVES: usize = 256;

/// A compiled pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Glob {
    alternatives: Vec<Vec<Component>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Component {
    /// `**`.
    AnyDepth,
    Pattern(Vec<Atom>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Atom {
    Literal(char),
    AnyCharacter,
    AnyText,
    Set { negated: bool, ranges: Vec<(char, char)> },
}

/// What is wrong with a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum GlobError {
    /// Nothing there.
    #[error("empty pattern")]
    Empty,
    /// `[` without `]`.
    #[error("\"[\" without \"]\"")]
    OpenSet,
    /// `{` without `}`, nested or too many alternatives.
    #[error("\"{{\" without \"}}\", nested, or too many alternatives")]
    Braces,
    /// `**` beside other characters of its component.
    #[error("\"**\" must stand alone between \"/\"")]
    DoubleStar,
}

impl Glob {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// [`GlobError`].
    pub fn new(pattern: &str) -> Result<Self, GlobError> {
        let pattern: String = pattern.nfc().collect();
        if pattern.split('/').all(|component| matches!(component, "" | ".")) {
            return Err(GlobError::Empty);
        }
        let alternatives = expand_braces(&pattern)?.iter().map(|one| compile(one)).collect::<Result<_, _>>()?;
        Ok(Self { alternatives })
    }

    /// Whether the pattern matches the path, or a folder above it: excluding a folder excludes what it holds.
    pub fn matches(&self, path: &str) -> bool {
        let path: String = path.nfc().collect();
        let components = path
            .split('/')
            .filter(|c| !matches!(*c, "" | "."))
            .map(|c| c.chars().collect())
            .collect::<Vec<Vec<char>>>();
        self.alternatives.iter().any(|pattern| {
            (1..=components.len())
                .any(|length| matches_components(pattern, components.get(..length).unwrap_or_default()))
        })
    }
}

fn expand_braces(pattern: &str) -> Result<Vec<String>, GlobError> {
    let mut expanded = vec![String::new()];
    let mut rest = pattern;
    while let Some(open) = rest.find(['{', '}']) {
        let (before, tail) = rest.split_at(open);
        let inner = tail.strip_prefix('{').ok_or(GlobError::Braces)?;
        let close = inner.find('}').ok_or(GlobError::Braces)?;
        let (choices, after) = inner.split_at(close);
        if choices.contains('{') {
            return Err(GlobError::Braces);
        }
        let choices = choices.split(',').collect::<Vec<_>>();
        if expanded.len().saturating_mul(choices.len()) > MAX_ALTERNATIVES {
            return Err(GlobError::Braces);
        }
        expanded = expanded
            .iter()
            .flat_map(|start| choices.iter().map(move |choice| format!("{start}{before}{choice}")))
            .collect();
        rest = after.get(1..).unwrap_or_default();
    }
    for one in &mut expanded {
        one.push_str(rest);
    }
    Ok(expanded)
}

fn compile(pattern: &str) -> Result<Vec<Component>, GlobError> {
    let mut components = Vec::new();
    if !pattern.trim_end_matches('/').contains('/') {
        components.push(Component::AnyDepth);
    }
    for component in pattern.split('/').filter(|component| !matches!(*component, "" | ".")) {
        if component == "**" {
            // Two in a row mean the same as one.
            if components.last() != Some(&Component::AnyDepth) {
                components.push(Component::AnyDepth);
            }
        } else {
            components.push(Component::Pattern(compile_component(component)?));
        }
    }
    Ok(components)
}

fn compile_component(component: &str) -> Result<Vec<Atom>, GlobError> {
    let mut atoms = Vec::new();
    let mut characters = component.chars().peekable();
    while let Some(c) = characters.next() {
        atoms.push(match c {
            '?' => Atom::AnyCharacter,
            '*' if characters.peek() == Some(&'*') => return Err(GlobError::DoubleStar),
            '*' => Atom::AnyText,
            '[' => {
                let negated = characters.next_if(|c| matches!(c, '!' | '^')).is_some();
                let mut ranges = Vec::new();
                loop {
                    let first = characters.next().ok_or(GlobError::OpenSet)?;
                    if first == ']' && !ranges.is_empty() {
                        break;
                    }
                    let mut last = first;
                    if characters.peek() == Some(&'-') {
                        characters.next();
                        match characters.next() {
                            // A dash before the end stands for itself.
                            Some(']') => {
                                ranges.extend([(first, first), ('-', '-')]);
                                break;
                            }
                            Some(end) => last = end,
                            None => return Err(GlobError::OpenSet),
                        }
                    }
                    ranges.push((first, last));
                }
                Atom::Set { negated, ranges }
            }
            literal => Atom::Literal(literal),
        });
    }
    Ok(atoms)
}

/// Dynamic programming over components: time grows with pattern times path, never exponentially.
fn matches_components(pattern: &[Component], path: &[Vec<char>]) -> bool {
    // reachable[i]: the pattern so far matches the first i components.
    let mut reachable = vec![false; path.len() + 1];
    set(&mut reachable, 0);
    for component in pattern {
        let mut next = vec![false; path.len() + 1];
        let mut open = false;
        for (index, here) in reachable.iter().enumerate() {
            match component {
                Component::AnyDepth => {
                    open |= here;
                    if open {
                        set(&mut next, index);
                    }
                }
                Component::Pattern(atoms) => {
                    if *here && path.get(index).is_some_and(|text| matches_text(atoms, text)) {
                        set(&mut next, index + 1);
                    }
                }
            }
        }
        reachable = next;
    }
    reachable.last().copied().unwrap_or(false)
}

/// The same over the characters of one component.
fn matches_text(atoms: &[Atom], text: &[char]) -> bool {
    let mut reachable = vec![false; text.len() + 1];
    set(&mut reachable, 0);
    for atom in atoms {
        let mut next = vec![false; text.len() + 1];
        let mut open = false;
        for (index, here) in reachable.iter().enumerate() {
            if *atom == Atom::AnyText {
                open |= here;
                if open {
                    set(&mut next, index);
                }
            } else if *here && text.get(index).is_some_and(|c| atom.accepts(*c)) {
                set(&mut next, index + 1);
            }
        }
        reachable = next;
    }
    reachable.last().copied().unwrap_or(false)
}

fn set(flags: &mut [bool], index: usize) {
    if let Some(flag) = flags.get_mut(index) {
        *flag = true;
    }
}

impl Atom {
    fn accepts(&self, c: char) -> bool {
        match self {
            Self::Literal(literal) => *literal == c,
            Self::AnyCharacter | Self::AnyText => true,
            Self::Set { negated, ranges } => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)) != *negated
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_people_expect() {
        let cases = [
            ("**/~$*", "2026/~$a.docx", true),
            ("**/~$*", "~$a.docx", true),
            ("**/~$*", "2026/a~$.docx", false),
            ("**/Thumbs.db", "a/b/Thumbs.db", true),
            ("Thumbs.db", "a/b/Thumbs.db", true),
            ("nháp", "2026/nháp/512.pdf", true),
            ("2025/**", "2025/10/a.pdf", true),
            ("2025/**", "2026/2025/a.pdf", false),
            ("2025/*.pdf", "2025/a.pdf", true),
            ("2025/*.pdf", "2025/b/a.pdf", false),
            ("*.{tmp,bak}", "x/a.bak", true),
            ("*.{tmp,bak}", "x/a.pdf", false),
            ("a?c/[0-9]*", "abc/5.pdf", true),
            ("a?c/[!0-9]*", "abc/5.pdf", false),
            ("./a/*", "a/b", true),
            ("a/**/b", "a/b", true),
            ("a/**/b", "a/x/y/b", true),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(Glob::new(pattern).unwrap().matches(path), expected, "{pattern} {path}");
        }
        let decomposed: String = "nháp/a.pdf".nfd().collect();
        assert!(Glob::new("nháp/**").unwrap().matches(&decomposed));
    }

    #[test]
    fn bad_patterns_are_refused() {
        assert_eq!(Glob::new(""), Err(GlobError::Empty));
        assert_eq!(Glob::new("[a"), Err(GlobError::OpenSet));
        assert_eq!(Glob::new("a**b"), Err(GlobError::DoubleStar));
        for pattern in ["{a,b", "a}", "{a,{b}}", "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"] {
            assert_eq!(Glob::new(pattern), Err(GlobError::Braces), "{pattern}");
        }
    }

    #[test]
    fn hostile_patterns_take_no_exponential_time() {
        let pattern = Glob::new(&format!("{}x", "*a".repeat(60))).unwrap();
        assert!(!pattern.matches(&"a".repeat(250)));
    }

    proptest::proptest! {
        #[test]
        fn a_path_matches_itself(path in "[a-z0-9ạĐ ][a-z0-9ạĐ. ]{0,8}(/[a-z0-9]{1,8}){0,3}") {
            proptest::prop_assert!(Glob::new(&path).unwrap().matches(&path));
        }

        #[test]
        fn any_pattern_is_survived(pattern in "\\PC{0,20}", path in "\\PC{0,20}") {
            if let Ok(glob) = Glob::new(&pattern) {
                let _ = glob.matches(&path);
            }
        }
    }
}
