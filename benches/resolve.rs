//! How long a log of decisions takes to fold: processor time, the best of several runs.
//!
//! `cargo bench --bench resolve -- [DECISIONS]`; a million by default, of which one in twenty takes
//! another back.

use cuibono::graph::DecidedAt;
use cuibono::resolve::Fold;
use cuibono::store::{Commit, Decided, Decider, Decree, Memory, Snapshot, Storage};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

fn chance(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// Processor seconds of this process.
fn spent() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |i: usize| fields.get(i).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn main() -> cuibono::error::Result<()> {
    let count: u32 = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(1_000_000);
    let mut s = 7;
    let parties = u64::from(count);
    let decisions: Vec<Decided> = (0..count)
        .map(|i| {
            // Two records of one party mostly lie near each other.
            let a = chance(&mut s) % parties;
            let b = (a + 1 + chance(&mut s) % 4) % parties;
            let decree = match chance(&mut s) % 100 {
                x if x < 5 && i > 0 => Decree::Retract((chance(&mut s) % u64::from(i)) as u32 + 1),
                x if x < 6 => Decree::Unsure,
                _ => Decree::Same,
            };
            Decided {
                time: format!("2024-05-01T{:02}:{:02}:{:02}Z", i / 3600 % 24, i / 60 % 60, i % 60),
                by: Decider::Rule,
                actor: "strong-identifiers/1".into(),
                a: format!("ofac:{a}"),
                b: format!("ftm:NK-{b}"),
                decree,
                note: String::new(),
                source: String::new(),
                evidence:
                    r#"{"scorer":"strong-identifiers/1","items":[{"kind":"identifier","scheme":"inn","how":"same"}]}"#
                        .into(),
            }
        })
        .collect();
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let mut commit = Commit::begin(Arc::clone(&storage))?;
    commit.decide(&decisions)?;
    commit.finish()?;
    drop(decisions);
    let mut best = (f64::MAX, f64::MAX);
    for _ in 0..7 {
        // Opened anew each time: sums of blocks are checked, as in a process of its own.
        let snapshot = Snapshot::open(Arc::clone(&storage))?;
        let (wall, cpu) = (Instant::now(), spent());
        let fold = Fold::of(snapshot.decisions(), DecidedAt::Now)?;
        best = (best.0.min(wall.elapsed().as_secs_f64()), best.1.min(spent() - cpu));
        black_box(&fold);
    }
    let snapshot = Snapshot::open(storage)?;
    let fold = Fold::of(snapshot.decisions(), DecidedAt::Now)?;
    println!(
        "{count} decisions, {} entities of several parties: fold {:.3} s, of the processor {:.2} s",
        fold.entities().len(),
        best.0,
        best.1
    );
    Ok(())
}
