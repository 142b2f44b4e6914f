//! Flags of the commands that change the store or list what is in it.

use super::args::Output;
use clap::Args;
use std::path::PathBuf;

/// Flags of `import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Several releases may be named at once; all of them go in, or none. The files of one OFAC CSV set
belong together, and so do tables; every other file is a release of its own.

Examples:
  cuibono import sdn.csv add.csv alt.csv sdn_comments.csv --release 2023-08-31
  cuibono import entities.ftm.json.gz --source my_collection
  curl -s https://example.org/list.xml | cuibono import -
  cuibono import owners.csv --map source=holder --map target=firm --map type=relation")]
pub(crate) struct ImportArgs {
    /// Files, packed with gzip or not; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Format of the files [default: recognised by content]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    /// Id of the source [default: the format's own, or the document's scope]
    #[arg(long, value_name = "ID")]
    pub(crate) source: Option<String>,
    /// Date of the release [default: stated in the file, else in its name, else today]
    #[arg(long, value_name = "DATE")]
    pub(crate) release: Option<String>,
    /// Tables: our column and what the file calls it
    #[arg(long, value_name = "OUR=THEIRS")]
    pub(crate) map: Vec<String>,
    /// What a document or table leaves out has ended
    #[arg(long)]
    pub(crate) full: bool,
    /// Take the place of a release of the same date
    #[arg(long)]
    pub(crate) replace: bool,
    /// Go on although more than a fifth of the source would end
    #[arg(long)]
    pub(crate) allow_removals: bool,
}

/// Flags of `sources`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cuibono sources\n  cuibono sources --json")]
pub(crate) struct SourcesArgs {
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Where an own fact comes from, and who states it.
#[derive(Debug, Args)]
pub(crate) struct Backing {
    /// Where it comes from: `SOURCE` or `SOURCE: LOCATOR`; may be repeated
    #[arg(long, required = true, value_name = "SOURCE[: LOCATOR]")]
    pub(crate) cite: Vec<String>,
    /// How far the source stands behind it: asserted, alleged, disputed, inferred
    #[arg(long, value_name = "STATUS", default_value = "asserted")]
    pub(crate) status: String,
    #[command(flatten)]
    pub(crate) actor: Actor,
}

/// Who states or takes back something.
#[derive(Debug, Args)]
pub(crate) struct Actor {
    /// Who says so [default: the user's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) actor: Option<String>,
}

/// Flags of `add`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  cuibono add \"Heathrun Energy PLC\" --type company --country XA --cite \"register: line 7\"")]
pub(crate) struct AddArgs {
    /// Main name
    pub(crate) name: String,
    /// What it is: person, company, vessel ...
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) node_type: String,
    /// Its id [default: made from the name]
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Another name
    #[arg(long, value_name = "NAME")]
    pub(crate) alias: Vec<String>,
    /// Country
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Vec<String>,
    /// Identifier
    #[arg(long, value_name = "SCHEME=VALUE")]
    pub(crate) identifier: Vec<String>,
    /// Address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) address: Vec<String>,
    /// Birth: `1951`, `circa 1951`, `1951-03-02`
    #[arg(long, value_name = "DATE")]
    pub(crate) birth: Option<String>,
    #[command(flatten)]
    pub(crate) backing: Backing,
}

/// Flags of `link`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  cuibono link \"Sergei Kozlov\" \"Intellekt LLC\" --type owns --share \">25 to 50\" --status alleged \\
      --cite \"hindu-2023-09-01: paragraph 5\"")]
pub(crate) struct LinkArgs {
    /// Subject: the owner, the controller, the actor (id or name)
    pub(crate) subject: String,
    /// Object: the owned, the controlled (id or name)
    pub(crate) object: String,
    /// What ties them: owns, controls, directs ...
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) edge_type: String,
    /// Its id [default: made from both names]
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Share in percent: `50`, `100/3`, `>25 to 50`, `25 to 50`
    #[arg(long, value_name = "SHARE")]
    pub(crate) share: Option<String>,
    /// First day it holds
    #[arg(long, value_name = "DATE")]
    pub(crate) from_date: Option<String>,
    /// First day it no longer holds
    #[arg(long, value_name = "DATE")]
    pub(crate) to_date: Option<String>,
    /// Role in the source's words
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// Keeps two stakes of one holder apart
    #[arg(long, value_name = "LABEL")]
    pub(crate) stake: Option<String>,
    /// How far an act has got: sought, offered, agreed, done
    #[arg(long, value_name = "ACT", default_value = "done")]
    pub(crate) act: String,
    /// The summary of a chain, no link of one
    #[arg(long)]
    pub(crate) indirect: bool,
    #[command(flatten)]
    pub(crate) backing: Backing,
}

/// Flags of `note`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  cuibono note \"Intellekt LLC\" \"Same telephone as a firm in Vladivostok\" --cite \"register: page 2\"")]
pub(crate) struct NoteArgs {
    /// Id or name
    pub(crate) entity: String,
    /// The remark
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) backing: Backing,
}

/// Flags of `retract`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cuibono retract notes:heathrun-energy-plc --reason \"wrong register\"")]
pub(crate) struct RetractArgs {
    /// Id of the relation, or of the party whose own notes go
    pub(crate) id: String,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) actor: Actor,
}
