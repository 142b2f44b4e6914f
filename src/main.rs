//! The command line of cuibono.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
