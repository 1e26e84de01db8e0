//! `soat completions` and `soat man`: made from the command line's own definition.

use super::arguments::Arguments;
use super::exit::{Exit, Failure};
use super::terminal::{Terminal, print};
use super::{files, help, system};
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use std::path::Path;

/// Prints the completions of a shell.
pub(super) fn completions(shell: Shell, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut help::localised(Arguments::command(), terminal.language), "soat", &mut text);
    print(&text)?;
    Ok(Exit::Passed)
}

/// Prints the main manual page, or writes every page into `folder`.
pub(super) fn man(folder: Option<&Path>, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut command = help::localised(Arguments::command(), terminal.language);
    command.build();
    let Some(folder) = folder else {
        print(&page(command)?)?;
        return Ok(Exit::Passed);
    };
    let mut pages = vec![("soat".to_owned(), command.clone())];
    collect("soat", &command, &mut pages);
    for (name, command) in pages {
        let path = folder.join(format!("{name}.1"));
        files::write(&path, &page(command)?).map_err(|error| {
            Failure::message(Exit::Usage, format!("{}: {}", path.display(), system::say(&error, terminal)))
        })?;
    }
    Ok(Exit::Passed)
}

/// Every subcommand, `soat-trust-update` below `soat-trust`.
fn collect(name: &str, command: &clap::Command, pages: &mut Vec<(String, clap::Command)>) {
    for inner in command.get_subcommands() {
        let name = format!("{name}-{}", inner.get_name());
        collect(&name, inner, pages);
        pages.push((name, inner.clone()));
    }
}

fn page(command: clap::Command) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    Man::new(command).render(&mut text)?;
    Ok(text)
}
