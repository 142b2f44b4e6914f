//! An invented network of firms and persons that hold stakes in firms, as two tables that are
//! made while they are read: no row is kept. The same on every machine, all in whole numbers.
//!
//! Firms have a hidden rank. Most are held from above in that order (a few at the top hold very
//! much), a quarter of the holders that are firms stand close above (chains), a few stakes point
//! back (rings), a few are in the firm itself. Numbers of parties are spread over the ranks, so
//! that neighbours in the graph are no neighbours in memory.

use crate::network::Lcg;
use std::fmt::Write;
use std::io::{self, Read};

/// How large and how dense the network is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// Parties; two thirds are firms, which have one and a half stakes each on average.
    pub(crate) nodes: u64,
    /// Of a hundred stakes, how many are held by firms.
    pub(crate) held_by_firms: u64,
    /// How far holdings gather at the top: the power of the random fraction that picks a holder.
    pub(crate) steepness: u32,
    /// Parties on a list.
    pub(crate) listed: u64,
}

impl Shape {
    /// Most stakes are held by persons, as registers have it.
    pub(crate) fn realistic(nodes: u64) -> Shape {
        Shape { nodes, held_by_firms: 22, steepness: 2, listed: nodes / 500 }
    }

    /// Most stakes are held by firms: long chains, one ring of 22,860 firms among ten million parties.
    pub(crate) fn dense(nodes: u64) -> Shape {
        Shape { held_by_firms: 60, steepness: 3, ..Shape::realistic(nodes) }
    }

    fn firms(self) -> u64 {
        self.nodes / 3 * 2
    }

    /// Ranks of the listed parties: half persons, a third of the rest rather at the top.
    fn listed_ranks(self) -> Vec<bool> {
        let mut r = Lcg(3);
        let mut listed = vec![false; self.nodes as usize];
        let mut left = self.listed.min(self.nodes / 4);
        while left > 0 {
            let rank = match r.below(6) {
                0..3 => self.firms() + r.below(self.nodes - self.firms()),
                3..5 => r.below(self.firms()),
                _ => low(&mut r, self.firms(), 3),
            };
            if let Some(l) = listed.get_mut(rank as usize).filter(|l| !**l) {
                *l = true;
                left -= 1;
            }
        }
        listed
    }
}

/// A number below `n`: `n` times a random fraction to a power, so that small ones come far more
/// often.
fn low(r: &mut Lcg, n: u64, power: u32) -> u64 {
    let fraction = r.below(1 << 20);
    (0..power).fold(n, |n, _| (n * fraction) >> 20)
}

/// Spreads ranks over numbers and back: rank times a factor, modulo the number of parties.
struct Spread {
    nodes: u64,
    factor: u64,
    inverse: u64,
}

impl Spread {
    fn new(nodes: u64) -> Spread {
        let gcd = |mut a: u64, mut b: u64| {
            while b > 0 {
                (a, b) = (b, a % b);
            }
            a
        };
        let factor = (nodes * 5 / 8..).find(|f| gcd(*f, nodes) == 1).unwrap_or(1);
        // Euclid's algorithm, keeping the coefficient of the factor.
        let (mut a, mut b) = ((factor as i64, 1i64), (nodes as i64, 0i64));
        while b.0 > 0 {
            let q = a.0 / b.0;
            (a, b) = (b, (a.0 - q * b.0, a.1 - q * b.1));
        }
        Spread { nodes, factor, inverse: a.1.rem_euclid(nodes as i64) as u64 }
    }

    fn number(&self, rank: u64) -> u64 {
        rank * self.factor % self.nodes
    }

    fn rank(&self, number: u64) -> u64 {
        number * self.inverse % self.nodes
    }
}

/// Rows that are written when they are read.
struct Rows<F> {
    text: String,
    at: usize,
    more: F,
}

impl<F: FnMut(&mut String) -> bool> Read for Rows<F> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() {
            self.text.clear();
            self.at = 0;
            if !(self.more)(&mut self.text) {
                return Ok(0);
            }
        }
        let n = self.text.as_bytes().get(self.at..).unwrap_or_default().read(out)?;
        self.at += n;
        Ok(n)
    }
}

const SYLLABLES: [&str; 20] = [
    "zor", "vel", "kry", "ash", "mor", "tal", "quen", "ist", "ova", "bre", "lun", "dax", "fer", "ghi", "ost", "ran",
    "sul", "thi", "wex", "yar",
];
const ENDINGS: [&str; 10] = ["a", "en", "ir", "os", "um", "ek", "an", "ov", "ith", "or"];
const FORMS: [&str; 6] = ["Ltd", "Holding", "Trading", "Group", "Shipping", "Capital"];

fn word(r: &mut Lcg, into: &mut String) {
    let from =
        |r: &mut Lcg, list: &[&'static str]| list.get(r.below(list.len() as u64) as usize).copied().unwrap_or("");
    for part in [from(r, &SYLLABLES), from(r, &SYLLABLES), from(r, &ENDINGS)] {
        into.push_str(part);
    }
}

/// nodes.csv.
pub(crate) fn nodes(shape: Shape) -> impl Read + 'static {
    let (spread, listed) = (Spread::new(shape.nodes), shape.listed_ranks());
    let (mut r, mut i) = (Lcg(7), 0);
    let more = move |text: &mut String| {
        if i == shape.nodes {
            return false;
        }
        let rank = spread.rank(i);
        let firm = rank < shape.firms();
        write!(text, "N{i},{},", if firm { "company" } else { "person" }).unwrap();
        word(&mut r, text);
        text.push(' ');
        word(&mut r, text);
        if firm {
            text.push(' ');
            text.push_str(FORMS.get(r.below(6) as usize).copied().unwrap_or(""));
        }
        let on = listed.get(rank as usize).copied().unwrap_or(false);
        writeln!(text, ",X{},{}", char::from(b'A' + r.below(24) as u8), u8::from(on)).unwrap();
        i += 1;
        true
    };
    Rows { text: "id,type,name,country,listed\n".to_owned(), at: 0, more }
}

/// edges.csv: for each firm its holders.
pub(crate) fn edges(shape: Shape) -> impl Read + 'static {
    let spread = Spread::new(shape.nodes);
    let (mut r, mut rank) = (Lcg(11), 0);
    let mut weights: Vec<u64> = Vec::new();
    let more = move |text: &mut String| {
        if rank == shape.firms() {
            return false;
        }
        weights.clear();
        for _ in 0..holders(&mut r) {
            weights.push(10 + r.below(1000) * r.below(1000) / 1000);
        }
        // What they hold together, in hundredths of a percent.
        let total = match r.below(1000) {
            0..5 => 10_000 + r.below(5_000),
            5..700 => 10_000,
            _ => 4_000 + r.below(6_000),
        };
        let sum: u64 = weights.iter().sum::<u64>().max(1);
        for w in &weights {
            let holder = holder(&mut r, shape, rank);
            let share = (w * total / sum).clamp(1, 10_000);
            row(text, &mut r, spread.number(holder), spread.number(rank), Some(share));
            // A stake back: two firms hold each other.
            if holder < shape.firms() && r.below(1000) < 15 {
                let share = 50 + r.below(2_400);
                row(text, &mut r, spread.number(rank), spread.number(holder), Some(share));
            }
        }
        if r.below(2000) == 0 {
            let share = 50 + r.below(900);
            row(text, &mut r, spread.number(rank), spread.number(rank), Some(share));
        }
        rank += 1;
        true
    };
    Rows { text: "source,target,type,percentage,start,end,source_name\n".to_owned(), at: 0, more }
}

/// How many hold a firm: mostly one, sometimes very many.
fn holders(r: &mut Lcg) -> u64 {
    match r.below(100) {
        0..10 => 0,
        10..62 => 1,
        62..86 => 2,
        86..94 => 3,
        _ => {
            let mut n = 1;
            while n < 32 && r.below(3) == 0 {
                n *= 2;
            }
            2 + n + r.below(n)
        }
    }
}

/// The rank of a holder of a firm.
fn holder(r: &mut Lcg, shape: Shape, of: u64) -> u64 {
    if r.below(100) >= shape.held_by_firms {
        return shape.firms() + r.below(shape.nodes - shape.firms());
    }
    match r.below(1000) {
        0..5 => r.below(shape.firms()),
        5..255 => of.saturating_sub(1 + r.below(40)),
        _ => low(r, of, shape.steepness),
    }
}

fn row(text: &mut String, r: &mut Lcg, holder: u64, firm: u64, share: Option<u64>) {
    write!(text, "N{holder},N{firm},owns,").unwrap();
    // One share in eight is not known.
    if let Some(s) = share.filter(|_| r.below(8) > 0) {
        write!(text, "{}.{:02}", s / 100, s % 100).unwrap();
    }
    text.push(',');
    let year = 1995 + r.below(25);
    if r.below(2) == 0 {
        write!(text, "{year}-{:02}-{:02}", 1 + r.below(12), 1 + r.below(28)).unwrap();
    }
    text.push(',');
    if r.below(20) == 0 {
        write!(text, "{}-{:02}", year + 1 + r.below(4), 1 + r.below(12)).unwrap();
    }
    writeln!(text, ",Register {}", r.below(9)).unwrap();
}
