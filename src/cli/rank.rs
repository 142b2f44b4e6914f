//! `rank`: the parties that relations lead to most.

use super::answer::{about, party_rows, rows};
use super::args_ask::Way;
use super::args_whole::RankArgs;
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::Result;
use cuibono::graph::{Graph, View};
use cuibono::query::{RankOptions, rank};

/// Prints the parties of highest rank.
pub(crate) fn run(args: &RankArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let options = RankOptions {
        dir: args.direction.dir(),
        through: args.through,
        damping: args.damping,
        iterations: args.iterations,
        tolerance: args.tolerance,
        ..RankOptions::default()
    };
    let found = rank(&view, &options)?;
    let results = found.results(&view, args.limit);
    graph.sound()?;
    let way = match args.direction {
        Way::Out => "",
        Way::In => " --direction in",
        Way::Both => " --direction both",
    };
    let tolerance = args.tolerance.map_or(String::new(), |t| format!(" --tolerance {t}"));
    let through = if args.through { " --through" } else { "" };
    let query = format!(
        "rank --limit {} --iterations {} --damping {}{tolerance}{way}{through}{}",
        args.limit,
        args.iterations,
        args.damping,
        args.filters.text()
    );
    let more = found.scores().len() > args.limit;
    let mut answer = about(&view, &query, found.truncated || more);
    answer.notes.push("ranks are floating-point numbers: they say where to look, and no verdict rests on them".into());
    if found.truncated {
        answer.notes.push(format!("the work was cut after {} rounds", found.iterations));
    }
    answer.result = Some(found.result());
    let table = party_rows("score", &results);
    rows(&table, results, &answer, &args.output, io)?;
    Ok(Outcome::of(!found.scores().is_empty()))
}
