//! `distances`: how far everything is from a party.

use super::answer::{about, party_rows, quoted, rows};
use super::args_whole::DistancesArgs;
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::Result;
use cuibono::graph::{Graph, View};
use cuibono::query::{DistanceOptions, WeightOptions, distances, weighted_distances};

/// Prints the nearest parties, in steps or by the lengths of relations.
pub(crate) fn run(args: &DistancesArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let start = view.resolve(&args.entity)?;
    let (dir, through) = (args.walk.direction.dir(), args.walk.through);
    let (results, result, truncated, notes) = match &args.weight {
        Some(property) => {
            let (property, limit) = (property.clone(), args.limit);
            let options = WeightOptions { property, dir, through, limit, ..WeightOptions::default() };
            let found = weighted_distances(&view, start, &options)?;
            (found.results(&view), found.result(), found.truncated, found.notes)
        }
        None => {
            let found = distances(&view, start, &DistanceOptions { dir, through, max_hops: args.max_hops });
            let cut = found.reached() > args.limit as u64;
            (found.results(&view, args.limit), found.result(), cut, Vec::new())
        }
    };
    graph.sound()?;
    let id = quoted(graph.show_id(graph.id(start)));
    let hops = args.max_hops.map_or(String::new(), |n| format!(" --max-hops {n}"));
    let weight = args.weight.as_ref().map_or(String::new(), |w| format!(" --weight {}", quoted(w)));
    let (walk, filters) = (args.walk.text(), args.filters.text());
    let query = format!("distances {id} --limit {}{hops}{weight}{walk}{filters}", args.limit);
    let mut answer = about(&view, &query, truncated);
    answer.notes = notes;
    answer.result = Some(result);
    let table = party_rows("distance", &results);
    let found = !results.is_empty();
    rows(&table, results, &answer, &args.output, io)?;
    Ok(Outcome::of(found))
}
