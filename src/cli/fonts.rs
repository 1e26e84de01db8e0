//! The font that the printed report is set in: a serif with Vietnamese letters that this machine has.

use crate::report::Typeface;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Regular, bold and italic file of each family, best first. NĐ 30/2020/NĐ-CP, PL I, Phần I, mục I.2 asks for
/// Times New Roman; the next two have its widths.
const FAMILIES: [[&str; 3]; 4] = [
    ["times.ttf", "timesbd.ttf", "timesi.ttf"],
    ["Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf"],
    ["LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf"],
    ["DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSerif-Italic.ttf"],
];

/// Where systems keep fonts.
const FOLDERS: [&str; 4] = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", r"C:\Windows\Fonts"];

/// The first family of which all three files are there, in the folder given or else in the system's.
pub(super) fn typeface(folder: Option<&Path>) -> Option<Typeface> {
    let folders: Vec<PathBuf> = match folder {
        Some(folder) => vec![folder.to_owned()],
        None => FOLDERS.iter().map(PathBuf::from).collect(),
    };
    let files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| WalkDir::new(folder).max_depth(4).sort_by_file_name())
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ttf")))
        .collect();
    let named = |name: &str| {
        let same = |path: &&PathBuf| {
            path.file_name().and_then(OsStr::to_str).is_some_and(|file| file.eq_ignore_ascii_case(name))
        };
        files.iter().find(same).and_then(|path| fs::read(path).ok())
    };
    FAMILIES.iter().find_map(|[regular, bold, italic]| {
        Some(Typeface { regular: named(regular)?, bold: named(bold)?, italic: named(italic)? })
    })
}
