//! Flags of `update`.

use super::args::Output;
use super::args_own::Law;
use clap::Args;
use std::path::PathBuf;

/// Flags of `update`.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is fetched that was not asked for: name the sources, or have them in the store already.
Only https is spoken. Files go to a folder beside the store, are checked, imported as one release
of their source, and removed; what changed is printed as `diff` prints it.

Environment: CUIBONO_OFFLINE, CUIBONO_CA, CUIBONO_EU_TOKEN, HTTPS_PROXY, ALL_PROXY, NO_PROXY.

Examples:
  cuibono update --list
  cuibono update ofac_sdn un_sc
  cuibono update eu_fsf --token dG9...
  cuibono update")]
pub(crate) struct UpdateArgs {
    /// Sources to fetch [default: those of the table that are in the store]
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// Print the table of sources and fetch nothing
    #[arg(long, conflicts_with = "sources")]
    pub(crate) list: bool,
    /// Do not say what changed since the release before
    #[arg(long)]
    pub(crate) no_diff: bool,
    /// Keep the fetched files
    #[arg(long)]
    pub(crate) keep: bool,
    /// Take the place of a release of the same date
    #[arg(long)]
    pub(crate) replace: bool,
    /// Go on although more than a fifth of a source would end
    #[arg(long)]
    pub(crate) allow_removals: bool,
    #[command(flatten)]
    pub(crate) net: Net,
    #[command(flatten)]
    pub(crate) law: Law,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// How to fetch.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fetching")]
pub(crate) struct Net {
    /// Open no connection [env: CUIBONO_OFFLINE]
    #[arg(long)]
    pub(crate) offline: bool,
    /// Token for addresses that need one [env: CUIBONO_EU_TOKEN for eu_fsf]
    #[arg(long, value_name = "TOKEN")]
    pub(crate) token: Option<String>,
    /// Proxy, `http://host:port`; `none` goes past those of the environment [env: HTTPS_PROXY]
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// Certificates (PEM) to trust besides the built-in ones [env: CUIBONO_CA]
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Largest file, such as `500M` or `4G` [default: the table's, source by source]
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_size: Option<String>,
    /// Tries for one file
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) tries: u32,
    /// Seconds before the second try; doubles with each further one
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    pub(crate) pause: f64,
    /// Seconds for one file, all tries together
    #[arg(long, value_name = "SECONDS", default_value = "7200", value_parser = some_seconds)]
    pub(crate) timeout: f64,
    /// Seconds without a byte before a try ends
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = some_seconds)]
    pub(crate) idle: f64,
    /// Folder for downloads and what is remembered of them [default: the store's name with `.downloads`]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) downloads: Option<PathBuf>,
    /// Table of sources in place of the one compiled in
    #[arg(long, value_name = "FILE")]
    pub(crate) table: Option<PathBuf>,
    /// Day that dated addresses begin with [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
}

/// A number of seconds, at most a month.
fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(s) if (0.0..=2_678_400.0).contains(&s) => Ok(s),
        _ => Err("expected a number of seconds, at most 2678400".to_owned()),
    }
}

/// A number of seconds above zero.
fn some_seconds(text: &str) -> Result<f64, String> {
    seconds(text).and_then(|s| if s > 0.0 { Ok(s) } else { Err("expected more than 0 seconds".to_owned()) })
}
