//! What is seen of a graph: valid time, release time, sources, edge types.

use super::clusters::Either;
use super::index::Meta;
use super::layer::{Dir, Edge, Graph, Node};
use super::prov::Known;
use super::shown::Shown;
use crate::error::{Error, Result};
use crate::model::{
    Citation, Decision, End, Fact, Id, Listing, PartialDate, PartyRecord, Record, RelationRecord, Status, prop,
};
use crate::store::NOTES;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What to leave out. The default leaves out nothing but what sources have taken back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Keep what held on this day; a partial date keeps what may have held.
    pub as_of: Option<PartialDate>,
    /// Keep what had been published by this day.
    pub known_at: Option<PartialDate>,
    /// Keep facts cited to one of these sources; empty keeps all.
    pub sources: Vec<String>,
    /// Keep edges of these types (names or synonyms); empty keeps all.
    pub edge_types: Vec<String>,
    /// Today, for telling what has ended from what will when no day is asked for; `None`
    /// counts every end as past. Leaves out nothing.
    pub today: Option<PartialDate>,
}

/// An edge seen from one of its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The edge.
    pub edge: Edge,
    /// The other end.
    pub other: Node,
    /// Whether the edge leads away from where one stands.
    pub outgoing: bool,
}

/// A listing as seen through a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeListing {
    /// List id; `*` is every list.
    pub list: String,
    /// First day on the list, as the source gives it.
    pub from: Option<PartialDate>,
    /// Where it gives none: the first release that had it. The listing holds from then at the latest.
    pub from_at_latest: Option<PartialDate>,
    /// First day no longer on the list, stated or because a newer full release lacks it.
    pub to: Option<PartialDate>,
    /// The source that says so.
    pub source: String,
}

/// What an edge that is seen tells of itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// Number of its type.
    pub(crate) kind: u16,
    pub(crate) meta: Meta,
    pub(crate) start: Option<PartialDate>,
    pub(crate) end: Option<PartialDate>,
    /// The day since which its source no longer names it.
    pub(crate) ended: Option<PartialDate>,
}

/// A listing as seen through a view, without copies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeenListing<'g> {
    pub(crate) list: &'g str,
    pub(crate) from: Option<PartialDate>,
    pub(crate) from_at_latest: Option<PartialDate>,
    pub(crate) to: Option<PartialDate>,
    pub(crate) source: &'g str,
}

/// A look at an edge by itself costs about as much as deciding for so many in a row.
const PAYS: usize = 16;

#[derive(Clone, Copy)]
struct Seen {
    visible: bool,
    /// Packed date since which the source no longer says so, or 0.
    ended: u32,
}

/// A graph seen through a [`Filter`]. Cheap to make: the filter is decided once per distinct
/// provenance, not per edge.
pub struct View<'g> {
    graph: &'g Graph,
    filter: Filter,
    seen: Vec<Vec<Seen>>,
    types: Option<Vec<bool>>,
    withdrawn: u16,
    /// The first and the last day that the one asked for may mean, packed.
    day: Option<(u32, u32)>,
    /// By layer, once it pays.
    shown: OnceLock<Vec<Shown>>,
    /// Edges looked at by searches while `shown` is not known.
    walked: AtomicUsize,
    stop: super::Stop,
}

impl Graph {
    /// The edges of a node, seen or not, in the order of [`View::links`]: for a search that has
    /// cheaper reasons to skip most of them.
    pub(crate) fn links(&self, n: Node, dir: Dir) -> impl Iterator<Item = Link> + '_ {
        match &self.clusters {
            None => Either::Plain(self.links_of_record(n, dir)),
            Some(c) => Either::Joined(Box::new(self.joined_links(c, n, dir)) as Box<dyn Iterator<Item = Link> + '_>),
        }
    }

    /// The same of a party alone, as records have them.
    pub(super) fn links_of_record(&self, n: Node, dir: Dir) -> impl Iterator<Item = Link> + '_ {
        let out =
            self.layers.iter().filter(move |_| dir != Dir::In).flat_map(move |l| {
                l.down(n.0).into_iter().flat_map(move |i| l.index.targets(l.index.out(i))).map(move |(e, target)| {
                    Link { edge: Edge(l.edge_base + e), other: Node(l.up(target)), outgoing: true }
                })
            });
        let inn =
            self.layers.iter().filter(move |_| dir != Dir::Out).flat_map(move |l| {
                l.down(n.0).into_iter().flat_map(move |i| l.index.in_edges(l.index.inn(i))).map(move |(source, e)| {
                    Link { edge: Edge(l.edge_base + e), other: Node(l.up(source)), outgoing: false }
                })
            });
        // A loop is one edge and is met once when both directions are asked for.
        let inn = inn.filter(move |k| dir == Dir::In || k.other != n);
        out.chain(inn)
    }

    /// The edges into a node, seen or not.
    pub(crate) fn each_in(&self, n: Node, mut take: impl FnMut(Edge, Node)) {
        if self.clusters.is_some() {
            self.links(n, Dir::In).for_each(|k| take(k.edge, k.other));
            return;
        }
        for l in self.layers.iter() {
            let Some(i) = l.down(n.0) else { continue };
            for (source, e) in l.index.in_edges(l.index.inn(i)) {
                take(Edge(l.edge_base + e), Node(l.up(source)));
            }
        }
    }

    /// Edges of a node, seen or not: what walking over it costs.
    #[inline]
    pub fn degree(&self, n: Node, dir: Dir) -> usize {
        let of = |l: &super::layer::Layer, i| match dir {
            Dir::Out => l.index.out(i).len(),
            Dir::In => l.index.inn(i).len(),
            Dir::Both => l.index.out(i).len() + l.index.inn(i).len(),
        };
        let own = |n: Node| self.layers.iter().filter_map(|l| l.down(n.0).map(|i| of(l, i))).sum::<usize>();
        match &self.clusters {
            None => own(n),
            Some(_) => self.parts(n).map(own).sum(),
        }
    }
}

impl<'g> View<'g> {
    /// Looks at a graph through a filter. An unknown edge type or source is an error that names
    /// what is known.
    pub fn new(graph: &'g Graph, filter: Filter) -> Result<View<'g>> {
        let types = if filter.edge_types.is_empty() {
            None
        } else {
            let all = graph.catalogue().edge_types();
            let mut keep = vec![false; all.len()];
            for name in &filter.edge_types {
                let Some(t) = graph.catalogue().edge_type(name) else {
                    let mut known: Vec<&str> = all.iter().map(|t| t.name.as_str()).collect();
                    known.sort_unstable();
                    return Err(Error::usage(format!("unknown edge type {name:?}"))
                        .hint(format!("known: {}", known.join(", "))));
                };
                for (slot, known) in keep.iter_mut().zip(all) {
                    *slot |= known.name == t.name;
                }
            }
            Some(keep)
        };
        let mut known: Vec<&str> = Vec::new();
        for layer in graph.layers.iter() {
            for p in &layer.index.provs {
                known.push(&p.source);
                known.extend(p.cited.iter().map(String::as_str));
            }
        }
        known.sort_unstable();
        known.dedup();
        if let Some(bad) = filter.sources.iter().find(|s| known.binary_search(&s.as_str()).is_err()) {
            return Err(
                Error::usage(format!("no fact cites a source {bad:?}")).hint(format!("sources: {}", known.join(", ")))
            );
        }
        let seen = graph
            .layers
            .iter()
            .map(|layer| {
                let state = |p: &super::prov::Prov| {
                    let kept = filter.sources.is_empty()
                        || filter.sources.iter().any(|s| *s == p.source || p.cited.binary_search(s).is_ok());
                    match p.known_at(filter.known_at) {
                        Known::Yes => Seen { visible: kept, ended: 0 },
                        Known::Ended(d) => Seen { visible: kept, ended: d.to_bits() },
                        Known::No => Seen { visible: false, ended: 0 },
                    }
                };
                layer.index.provs.iter().map(state).collect()
            })
            .collect();
        let withdrawn = Status::ALL.iter().position(|s| *s == Status::Withdrawn).unwrap_or(0) as u16;
        let day = filter.as_of.map(|d| (d.first_day().to_bits(), d.last_day().to_bits()));
        let stop = graph.stop.clone();
        Ok(View {
            graph,
            filter,
            seen,
            types,
            withdrawn,
            day,
            shown: OnceLock::new(),
            walked: AtomicUsize::new(0),
            stop,
        })
    }

    /// The same with a mark of its own that ends its questions; by default it is the graph's.
    #[must_use]
    pub fn with_stop(mut self, stop: super::Stop) -> View<'g> {
        self.stop = stop;
        self
    }

    /// What ends its questions.
    #[inline]
    pub fn stop(&self) -> &super::Stop {
        &self.stop
    }

    /// The graph behind it.
    pub fn graph(&self) -> &'g Graph {
        self.graph
    }

    /// The filter.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    #[inline]
    fn seen(&self, layer: usize, prov: u32) -> Seen {
        let s = self.seen.get(layer).and_then(|l| l.get(prov as usize));
        s.copied().unwrap_or(Seen { visible: false, ended: 0 })
    }

    /// Whether edges of a type, by number, are seen.
    pub(super) fn sees_type(&self, kind: usize) -> bool {
        self.types.as_ref().is_none_or(|t| t.get(kind).copied().unwrap_or(false))
    }

    /// Of each provenance of a layer whether it is seen, and the packed day since which its source
    /// no longer says so, or 0.
    pub(super) fn provs_seen(&self, layer: usize) -> impl Iterator<Item = (bool, u32)> + '_ {
        self.seen.get(layer).into_iter().flatten().map(|s| (s.visible, s.ended))
    }

    /// The code of the status that is never seen, in the lowest three bits of a packed column.
    pub(super) fn withdrawn(&self) -> u16 {
        self.withdrawn
    }

    /// Whether an interval of valid time holds on the day asked for.
    pub(super) fn holds(&self, start: Option<PartialDate>, end: Option<PartialDate>, ended: u32) -> bool {
        let Some(day) = self.filter.as_of else { return true };
        let end = match (end, PartialDate::from_bits(ended)) {
            (Some(a), Some(b)) => Some(if b.last_day() < a.last_day() { b } else { a }),
            (a, b) => a.or(b),
        };
        start.is_none_or(|s| s.may_have_come(day)) && !end.is_some_and(|e| e.has_come(day))
    }

    /// Whether an edge is seen.
    #[inline]
    pub fn sees(&self, e: Edge) -> bool {
        let Some((at, l, i)) = self.graph.layer_of(e) else { return false };
        match self.shown.get() {
            Some(shown) => shown.get(at).is_some_and(|s| s.has(i)),
            None => self.judges(at, l, i),
        }
    }

    /// Whether an edge of a layer is seen, by a look at what it says.
    #[inline]
    pub(super) fn judges(&self, at: usize, l: &super::layer::Layer, i: u32) -> bool {
        let terms = || (l.index.start_bits(i), l.index.end_bits(i));
        self.shows(
            at,
            if self.types.is_some() { l.index.kind(i) } else { 0 },
            l.index.prov(i),
            l.index.meta_bits(i),
            terms,
        ) && !self.graph.hidden(Edge(l.edge_base + i))
    }

    /// Whether an edge that says this of itself is seen, unless it was taken back.
    #[inline]
    pub(super) fn shows(
        &self,
        layer: usize,
        kind: u16,
        prov: u32,
        meta: u16,
        terms: impl FnOnce() -> (u32, u32),
    ) -> bool {
        if let Some(types) = &self.types
            && !types.get(usize::from(kind)).copied().unwrap_or(false)
        {
            return false;
        }
        let seen = self.seen(layer, prov);
        if !seen.visible || meta & 7 == self.withdrawn {
            return false;
        }
        let Some((first, last)) = self.day else { return true };
        let (start, end) = terms();
        // Packed dates are in order, and no date of a year or month stands between its own and its
        // first day, so that a start needs no unpacking; neither does an end that names a day.
        if seen.ended == 0 && (end == 0 || end & 31 != 0) {
            return start <= last && (end == 0 || end > first);
        }
        self.holds(PartialDate::from_bits(start), PartialDate::from_bits(end), seen.ended)
    }

    /// Decides for every edge whether it is seen, a bit each. Worth its while for a program that
    /// asks one view many questions: a pass over all edges now, a look at one bit for each edge met
    /// later. Searches that have looked at many edges do it by themselves.
    pub fn settle(&self) {
        self.shown
            .get_or_init(|| self.graph.layers.iter().enumerate().map(|(at, l)| Shown::decide(self, at, l)).collect());
    }

    pub(super) fn settled(&self) -> Option<&[Shown]> {
        self.shown.get().map(Vec::as_slice)
    }

    /// Counts edges that are about to be looked at; whether deciding for all would have been cheaper.
    pub(super) fn walked(&self, ahead: usize) -> bool {
        if self.shown.get().is_some() {
            return false;
        }
        let so_far = self.walked.fetch_add(ahead, Ordering::Relaxed).saturating_add(ahead);
        so_far > self.graph.edge_count() / PAYS
    }

    /// What an edge of a wanted type (by number) tells, where it is seen; one look at each column.
    #[inline]
    pub(crate) fn read(&self, e: Edge, wanted: impl FnOnce(u16) -> bool) -> Option<Reading> {
        let (at, l, i) = self.graph.layer_of(e)?;
        let kind = l.index.kind(i);
        let bits = l.index.meta_bits(i);
        let seen = self.seen(at, l.index.prov(i));
        if !wanted(kind) || !seen.visible || bits & 7 == self.withdrawn || self.graph.hidden(e) {
            return None;
        }
        if (self.types.is_some() || self.filter.as_of.is_some()) && !self.sees(e) {
            return None;
        }
        let (start, end) = (l.index.start(i), l.index.end(i));
        Some(Reading { kind, meta: Meta::unpack(bits), start, end, ended: PartialDate::from_bits(seen.ended) })
    }

    /// The parties that edges of wanted types lead to from a node, where the edges are seen.
    pub(crate) fn led_to(&self, n: Node, wanted: impl Fn(u16) -> bool, out: &mut Vec<Node>) {
        if self.graph.clusters.is_some() {
            for k in self.links(n, Dir::Out).filter(|k| wanted(self.graph.edge_type_code(k.edge))) {
                out.push(k.other);
            }
            return;
        }
        let plain = self.types.is_none() && self.filter.as_of.is_none();
        for (at, l) in self.graph.layers.iter().enumerate() {
            let Some(i) = l.down(n.0) else { continue };
            let edges = l.index.out(i);
            for ((e, target), (kind, prov, bits)) in l.index.targets(edges.clone()).zip(l.index.out_rows(edges)) {
                if wanted(kind) && self.seen(at, prov).visible && bits & 7 != self.withdrawn {
                    let e = Edge(l.edge_base + e);
                    if !self.graph.hidden(e) && (plain || self.sees(e)) {
                        out.push(Node(l.up(target)));
                    }
                }
            }
        }
    }

    /// The edges of a node that are seen, outgoing ones first, each layer by type and other end.
    pub fn links(&self, n: Node, dir: Dir) -> impl Iterator<Item = Link> + '_ {
        self.graph.links(n, dir).filter(move |k| self.sees(k.edge))
    }

    /// All edges that are seen, with their ends.
    pub fn edges(&self) -> impl Iterator<Item = (Edge, Node, Node)> + '_ {
        self.graph.nodes().flat_map(move |n| self.links(n, Dir::Out).map(move |k| (k.edge, n, k.other)))
    }

    /// The day since which its source no longer names an edge, where that is so.
    pub fn ended(&self, e: Edge) -> Option<PartialDate> {
        let (at, l, i) = self.graph.layer_of(e)?;
        PartialDate::from_bits(self.seen(at, l.index.prov(i)).ended)
    }

    /// End of an edge in valid time: stated, or because its source no longer names it.
    pub fn end_of(&self, e: Edge) -> Option<PartialDate> {
        match (self.graph.dates(e).1, self.ended(e)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Whether anything had been published of a node by the time asked for.
    pub fn knows(&self, n: Node) -> bool {
        let mut any = false;
        for (at, _, p) in self.graph.records(n) {
            if self.seen(at, p).visible {
                return true;
            }
            any = true;
        }
        // A party that others only refer to is known as soon as such a reference is.
        (!any || self.filter.sources.is_empty()) && self.links_known(n)
    }

    fn links_known(&self, n: Node) -> bool {
        self.graph.parts(n).any(|p| self.own_links_known(p))
    }

    fn own_links_known(&self, n: Node) -> bool {
        self.graph.layers.iter().enumerate().any(|(at, l)| {
            l.down(n.0).into_iter().any(|i| {
                let out = l.index.out(i).map(|e| e as u32);
                let inn = l.index.inn(i).map(|k| l.index.in_edge(k).1);
                out.chain(inn).take(10_000).any(|e| self.seen(at, l.index.prov(e)).visible)
            })
        })
    }

    /// Whether a name's provenance is seen (used by look-ups).
    pub(super) fn sees_prov(&self, layer: usize, prov: u32) -> bool {
        self.seen(layer, prov).visible
    }

    /// The listings of a node on the day asked for; without one, all, ended ones included.
    pub fn listings(&self, n: Node) -> Vec<NodeListing> {
        let mut list: Vec<NodeListing> = Vec::new();
        for l in self.seen_listings(n) {
            let found = NodeListing {
                list: l.list.to_owned(),
                from: l.from,
                from_at_latest: l.from_at_latest,
                to: l.to,
                source: l.source.to_owned(),
            };
            if !list.contains(&found) {
                list.push(found);
            }
        }
        list
    }

    /// The same as they come, each as often as it is stated.
    pub(crate) fn seen_listings(&self, n: Node) -> impl Iterator<Item = SeenListing<'g>> + '_ {
        self.graph.parts(n).flat_map(move |p| self.own_listings(p))
    }

    fn own_listings(&self, n: Node) -> impl Iterator<Item = SeenListing<'g>> + '_ {
        self.graph.listing_rows(n).filter_map(move |(at, list, row)| {
            let seen = self.seen(at, row.prov);
            if !seen.visible || !self.holds(row.from, row.to, seen.ended) {
                return None;
            }
            let prov = self.graph.layers.get(at).and_then(|l| l.index.provs.get(row.prov as usize));
            let gone = PartialDate::from_bits(seen.ended);
            Some(SeenListing {
                list,
                from: row.from,
                from_at_latest: if row.from.is_none() { self.first_stated(n, at, list, row.prov) } else { None },
                to: match (row.to, gone) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                },
                source: prov.map_or("", |p| p.source.as_str()),
            })
        })
    }

    /// The first release that had a listing without a day of entry. When a list changes its words on
    /// a party, the listing goes on in a new record, and the day is that of the first of them.
    fn first_stated(&self, n: Node, at: usize, list: &str, prov: u32) -> Option<PartialDate> {
        let provs = &self.graph.layers.get(at)?.index.provs;
        let own = provs.get(prov as usize)?;
        let mut first = own.first()?;
        // Each round goes back by a release at least.
        loop {
            let before =
                self.graph.listing_rows(n).filter(|(l, other, r)| *l == at && *other == list && r.from.is_none());
            let intervals = before
                .filter_map(|(_, _, r)| provs.get(r.prov as usize))
                .filter(|p| p.source == own.source)
                .flat_map(|p| &p.intervals);
            match intervals.filter(|i| i.replaced && i.to == Some(first) && i.from < first).map(|i| i.from).min() {
                Some(earlier) => first = earlier,
                None => return Some(first),
            }
        }
    }

    /// Whether an end has surely come by the day asked for or, without one, by today.
    pub fn over(&self, end: PartialDate) -> bool {
        self.filter.as_of.or(self.filter.today).is_none_or(|day| end.has_come(day))
    }

    /// Whether a node is on any list, on the day asked for or, without one, now.
    pub fn is_listed(&self, n: Node) -> bool {
        self.listings(n).iter().any(|l| l.to.is_none_or(|to| !self.over(to)))
    }

    /// All nodes with a listing that is seen, in order.
    pub fn listed(&self) -> Vec<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        for (at, l) in self.graph.layers.iter().enumerate() {
            for (i, (n, prov)) in l.index.listed().enumerate() {
                let seen = self.seen(at, prov);
                let holds = || {
                    let (_, row) = l.index.listing(i);
                    self.holds(row.from, row.to, seen.ended)
                };
                if seen.visible && (self.day.is_none() || holds()) {
                    nodes.push(Node(l.up(n)));
                }
            }
        }
        self.graph.as_entities(&mut nodes);
        nodes
    }

    /// The citations of a fact: its own, else its record's, else the record itself. What the
    /// user states cites the user's notes, whatever the note itself refers to: nobody else
    /// stands behind it, and exports must be able to hold it back.
    fn cite(record: &[Citation], fact: &[Citation], source: &str, locator: &str) -> Vec<Citation> {
        let mut cites: Vec<Citation> = if fact.is_empty() { record.to_vec() } else { fact.to_vec() };
        if cites.is_empty() {
            cites.push(Citation::default());
        }
        for c in &mut cites {
            if source == NOTES && !c.source.is_empty() && c.source != NOTES {
                let at = if c.locator.is_empty() { "" } else { ": " };
                c.locator = format!("{}{at}{}", c.source, c.locator);
                c.source = NOTES.to_owned();
            }
            if c.source.is_empty() {
                c.source = source.to_owned();
                if c.locator.is_empty() {
                    c.locator = locator.to_owned();
                }
            }
        }
        cites
    }

    /// Whether a fact with these citations, before they are filled in, passes the filter.
    pub(super) fn keeps(&self, cites: &[Citation], source: &str) -> bool {
        self.kept(&View::cite(cites, &[], source, ""), source)
    }

    fn kept(&self, cites: &[Citation], source: &str) -> bool {
        let want = &self.filter.sources;
        want.is_empty() || want.iter().any(|w| w == source || cites.iter().any(|c| c.source == *w))
    }

    /// Everything seen of an entity as one record, each fact with its citations. The same fact
    /// from several sources stands once, with all of them. Where the entity has several parties, the
    /// property [`prop::PARTY`] names each, and each citation that has no locator names the one that
    /// the fact is stated of.
    pub fn party(&self, n: Node) -> Result<PartyRecord> {
        let id = Id::parse(self.graph.id(n)).map_err(|_| Error::damaged("index", 0, "a node without an id"))?;
        let mut out = PartyRecord::new(id, self.graph.node_type(n).name.clone());
        let mut known: HashMap<(String, String, String), usize> = HashMap::new();
        let several = self.graph.clusters().is_some() && self.graph.parts(n).nth(1).is_some();
        let mut parties: Vec<(String, Vec<Citation>)> = Vec::new();
        for (at, number, prov) in self.graph.records(n) {
            let seen = self.seen(at, prov);
            if !seen.visible {
                continue;
            }
            let Some(layer) = self.graph.layers.get(at) else { continue };
            let source = layer.index.provs.get(prov as usize).map_or("", |p| p.source.as_str());
            let Record::Party(p) = layer.record(number)? else { continue };
            let locator = p.id.local().to_owned();
            let gone = PartialDate::from_bits(seen.ended);
            let of = if several { p.id.as_str() } else { "" };
            if several && self.kept(&View::cite(&p.cites, &[], source, &locator), source) {
                let cites = stated_of(of, View::cite(&p.cites, &[], source, &locator));
                match parties.iter_mut().find(|(id, _)| id == of) {
                    Some((_, known)) => known.extend(cites),
                    None => parties.push((of.to_owned(), cites)),
                }
            }
            for f in &p.facts {
                let mut f = f.clone();
                f.cites = stated_of(of, View::cite(&p.cites, &f.cites, source, &locator));
                f.to = f.to.or(gone);
                if f.status == Status::Withdrawn || !self.kept(&f.cites, source) {
                    continue;
                }
                let key = (f.prop.clone(), f.value.clone(), f.kind.clone());
                match known.get(&key).and_then(|i| out.facts.get_mut(*i)) {
                    Some(old) => merge_fact(old, f),
                    None => {
                        known.insert(key, out.facts.len());
                        out.facts.push(f);
                    }
                }
            }
            for l in &p.listings {
                let cites = stated_of(of, View::cite(&p.cites, &l.cites, source, &locator));
                let to = match (l.to, gone) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
                if self.holds(l.from, l.to, seen.ended) && self.kept(&cites, source) {
                    out.listings.push(Listing { cites, to, ..l.clone() });
                }
            }
        }
        for (id, mut cites) in parties {
            cites.dedup();
            out.facts.push(Fact { cites, ..Fact::new(prop::PARTY, id) });
        }
        if let Some(several) = self.graph.unresolved(n) {
            let name = out.id.local().to_owned();
            out.facts.push(Fact::name(prop::NAME, name));
            let text = if several { "several parties have this name" } else { "no party in the store has this name" };
            out.facts.push(Fact::new("unresolved", text));
        }
        Ok(out)
    }

    /// An edge as a record with both ends as ids, its id set, its citations filled in and its
    /// end where the source no longer names it.
    pub fn relation(&self, e: Edge) -> Result<RelationRecord> {
        Ok(self.named_relation(e)?.1)
    }

    /// The same, with its external id before.
    pub(crate) fn named_relation(&self, e: Edge) -> Result<(String, RelationRecord)> {
        let mut r = self.graph.relation(e)?;
        let external = r.external_id();
        // A relation without an id of its own is found in its source under its subject.
        let locator = match (&r.id, &r.source, &r.target) {
            (Some(id), _, _) | (None, End::Id(id), _) | (None, _, End::Id(id)) => id.local().to_owned(),
            _ => String::new(),
        };
        let (a, b) = self.graph.ends(e);
        let source = self.graph.prov(e).map_or(String::new(), |p| p.source.clone());
        if r.id.is_none() {
            r.id = Id::parse(&external).ok();
        }
        let end = |n| {
            Id::parse(self.graph.id(n)).map(End::Id).map_err(|_| Error::damaged("index", 0, "a node without an id"))
        };
        (r.source, r.target) = (end(a)?, end(b)?);
        if self.graph.clusters().is_some() {
            let (x, y) = self.graph.stated_ends(e);
            for (of, stated, as_shown) in [(prop::STATED_SUBJECT, x, a), (prop::STATED_OBJECT, y, b)] {
                if stated != as_shown {
                    r.facts.push(Fact::new(of, self.graph.id(stated)));
                }
            }
        }
        r.cites = View::cite(&r.cites, &[], &source, &locator);
        for f in r.facts.iter_mut().filter(|f| !f.cites.is_empty()) {
            f.cites = View::cite(&[], &f.cites, &source, &locator);
        }
        if let Some(gone) = self.ended(e) {
            if r.end.is_none_or(|d| gone < d) {
                r.end = Some(gone);
            }
            r.facts.push(Fact::new("not_named_since", gone.to_string()));
        }
        Ok((external, r))
    }

    /// What sources have decided about a node: other ids for it.
    pub fn decisions(&self, n: Node) -> Result<Vec<(String, Decision)>> {
        let mut out: Vec<(String, Decision)> = Vec::new();
        for p in self.graph.parts(n) {
            for found in self.own_decisions(p)? {
                if !out.contains(&found) {
                    out.push(found);
                }
            }
        }
        Ok(out)
    }

    /// All that sources say of parties being the same, with the source: as far as the index names it.
    pub fn source_decisions(&self) -> Result<Vec<(String, Decision)>> {
        let mut out = Vec::new();
        for l in self.graph.layers.iter() {
            for (_, record) in l.index.alias_rows() {
                if let Record::Decision(d) = l.record(record)? {
                    out.push((l.source_of(record)?, d));
                }
            }
        }
        Ok(out)
    }

    fn own_decisions(&self, n: Node) -> Result<Vec<(String, Decision)>> {
        let mut out = Vec::new();
        let id = self.graph.id(n);
        for l in self.graph.layers.iter() {
            let local = l.down(n.0);
            let told = l.index.alias_rows().filter(|(node, _)| Some(*node) == local);
            let other = l.index.find_alias(id).into_iter();
            for (_, record) in told.chain(other) {
                if let Record::Decision(d) = l.record(record)?
                    && (d.a.as_str() == id || d.b.as_str() == id)
                {
                    out.push((l.source_of(record)?, d));
                }
            }
        }
        Ok(out)
    }
}

/// Citations of a fact of one party of several: the party stands in the locator.
fn stated_of(party: &str, mut cites: Vec<Citation>) -> Vec<Citation> {
    if party.is_empty() {
        return cites;
    }
    for c in &mut cites {
        let local = party.split_once(':').map_or(party, |(_, local)| local);
        if c.locator.is_empty() || c.locator == local {
            c.locator = party.to_owned();
        } else if !c.locator.contains(party) {
            c.locator = format!("{party}, {}", c.locator);
        }
    }
    cites
}

/// Two sources say the same: their citations are joined, the rest is kept where only one has it.
fn merge_fact(old: &mut Fact, new: Fact) {
    for c in new.cites {
        if !old.cites.contains(&c) {
            old.cites.push(c);
        }
    }
    // A source that still says so outweighs one that has stopped.
    old.to = match (old.to, new.to) {
        (Some(a), Some(b)) => Some(a.max(b)),
        _ => None,
    };
    if old.raw.is_empty() {
        old.raw = new.raw;
    }
    if old.script.is_empty() {
        old.script = new.script;
    }
    old.from = old.from.or(new.from);
    old.status = old.status.min(new.status);
}
