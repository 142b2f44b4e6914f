//! An invented network of a million parties as two tables: a long chain, some hubs, a random
//! rest. Used by the benchmark and by a test.

use std::fmt::Write;

/// A small generator of numbers that look random; the same on every machine.
pub(crate) struct Lcg(pub(crate) u64);

impl Lcg {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

#[allow(dead_code)] // Some benches use the numbers alone.
pub(crate) const NODES: u64 = 1_000_000;
#[allow(dead_code)]
pub(crate) const EDGES: u64 = 2_200_000;

#[allow(dead_code)]
/// Texts of nodes.csv and edges.csv, and the edges as pairs of numbers.
pub(crate) fn network() -> (String, String, Vec<(u32, u32)>) {
    let mut r = Lcg(7);
    let mut nodes = String::from("id,type,name,country,listed\n");
    for i in 0..NODES {
        let kind = ["company", "person", "vessel"][(i % 3) as usize];
        writeln!(nodes, "N{i},{kind},Name {} {i},XA,{}", r.below(5000), u8::from(i % 997 == 0)).unwrap();
    }
    let mut edges = String::from("source,target,type,percentage,start,end,source_name\n");
    let mut list = Vec::with_capacity(EDGES as usize);
    for i in 0..EDGES {
        // A long chain, and a random rest with a hub or two.
        let (a, b) = match i {
            0..100_000 => (i, i + 1),
            _ if i % 50 == 0 => (r.below(20), r.below(NODES)),
            _ => (r.below(NODES), r.below(NODES)),
        };
        let kind = if i < 100_000 { "owns" } else { ["owns", "directs", "supplies", "controls"][(i % 4) as usize] };
        let share = if kind == "owns" { format!("{}.{:02}", r.below(100), r.below(100)) } else { String::new() };
        writeln!(edges, "N{a},N{b},{kind},{share},,,Register {}", i % 9).unwrap();
        list.push((a as u32, b as u32));
    }
    (nodes, edges, list)
}
