//! The import rule of ARCHITECTURE.md, read from its table and held against the source.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

struct Rule {
    may_import: BTreeSet<String>,
    only_user_of: BTreeSet<String>,
}

/// Rows `| layer | module, module | imports | crates |` of the table headed "Who may import whom".
fn rules() -> BTreeMap<String, Rule> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let section = text.split("## Who may import whom").nth(1).expect("the section exists");
    let words = |cell: &str| -> BTreeSet<String> {
        cell.split(',')
            .map(|word| word.trim().trim_matches('`').to_owned())
            .filter(|word| !word.is_empty() && word != "-")
            .collect()
    };
    let mut rules = BTreeMap::new();
    for line in
        section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|')).skip(2)
    {
        let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
        let [_, modules, imports, crates] = cells.as_slice() else { panic!("four cells in {line}") };
        for module in words(modules) {
            let rule = Rule { may_import: words(imports), only_user_of: words(crates) };
            assert!(rules.insert(module.clone(), rule).is_none(), "{module} stands twice in the table");
        }
    }
    rules
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Modules named behind `crate::` in code (comments and doc links left out).
fn imports(text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect();
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            let group: String = group.chars().take_while(|c| *c != ';').collect();
            let mut depth = 0;
            let mut word = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth > 0 => depth -= 1,
                    ',' | '}' if depth == 0 => {
                        found.insert(word.split("::").next().unwrap_or("").trim().to_owned());
                        word.clear();
                    }
                    _ if depth == 0 => word.push(c),
                    _ => {}
                }
            }
        } else {
            found.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found.remove("");
    found
}

#[test]
fn every_module_imports_only_what_the_table_allows() {
    let rules = rules();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&root).unwrap();
        let first =
            relative.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
        if first == "lib" || first == "main" {
            continue;
        }
        // Tests may look wherever they need to.
        if relative.file_name().is_some_and(|name| name == "tests.rs") || relative.iter().any(|part| part == "tests") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
        let Some(rule) = rules.get(&first) else {
            wrong.push(format!("{first} is not in the table"));
            continue;
        };
        for import in imports(&text) {
            if import != first && rules.contains_key(&import) && !rule.may_import.contains(&import) {
                wrong.push(format!("{} imports {import}", relative.display()));
            }
        }
        for (owner, other) in &rules {
            for package in &other.only_user_of {
                let shared = rules.iter().any(|(name, rule)| *name == first && rule.only_user_of.contains(package));
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                if !shared && code.clone().any(|line| names(line, &package.replace('-', "_"))) {
                    wrong.push(format!("{} uses {package}, which belongs to {owner}", relative.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a line names the crate, as a whole word with a path behind it.
fn names(line: &str, package: &str) -> bool {
    line.match_indices(&format!("{package}::"))
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

#[test]
fn the_reader_of_imports_sees_groups_and_paths() {
    let text = "use crate::{a::{x, y}, b};\nuse crate::c::Z;\n// use crate::d;\nlet q = crate::e::f();";
    assert_eq!(imports(text).into_iter().collect::<Vec<_>>(), ["a", "b", "c", "e"]);
}
