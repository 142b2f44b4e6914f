//! `completions` and `man`: what a package installs beside the program.

use super::args::{Cli, CompletionsArgs};
use super::exit::Outcome;
use super::io::{Io, write_error};
use clap::CommandFactory;
use cuibono::error::Result;

/// Prints the completion script of a shell.
pub(crate) fn run(args: &CompletionsArgs, io: &mut Io<'_>) -> Result<Outcome> {
    // Generated into memory: the generator panics when a pipe is closed on it.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "cuibono", &mut script);
    io.out.write_all(&script).map_err(write_error)?;
    Ok(Outcome::Found)
}

/// Prints the manual page, that of each command after it.
pub(crate) fn man(io: &mut Io<'_>) -> Result<Outcome> {
    let mut command = Cli::command();
    command.build();
    let mut pages = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut pages).map_err(write_error)?;
    for sub in command.get_subcommands().filter(|s| !s.is_hide_set() && s.get_name() != "help") {
        clap_mangen::Man::new(sub.clone()).render(&mut pages).map_err(write_error)?;
    }
    io.out.write_all(&pages).map_err(write_error)?;
    Ok(Outcome::Found)
}
