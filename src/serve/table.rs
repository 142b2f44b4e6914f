//! The addresses of `/v1`: what answers each, and what it may be asked.
//!
//! Only what stands here reaches the command line. Parameters that name files are not here. The
//! description for machines (`openapi.rs`) is made from this table, too.

use super::Method;

/// How a parameter becomes words of a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A flag without a value: `true` or `false`.
    Flag,
    /// A flag with one value.
    Value,
    /// The same; the address is refused without it.
    Needed,
    /// A flag that may be given again, or hold several values with commas.
    List,
    /// A flag that may be given again; commas are part of the value.
    Again,
    /// One word without a flag; the address is refused without it.
    Word,
    /// One word without a flag, or none.
    Perhaps,
    /// Any number of words.
    Words,
}

/// One parameter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Param {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) about: &'static str,
}

const fn p(name: &'static str, kind: Kind, about: &'static str) -> Param {
    Param { name, kind, about }
}

/// What answers an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The command of that name; the answer is its JSON.
    Command(&'static str),
    /// The command `export`; the answer is a file.
    Export,
    /// Functions of this module, by their names.
    Meta,
    Counts,
    Tree,
    /// `POST /v1/layout` and `POST /v1/export`.
    Picture,
    CheckProof,
    Note,
    OpenApi,
}

/// One address.
pub(super) struct Route {
    pub(super) method: Method,
    /// The address; `{id}` stands for the parameter of that name.
    pub(super) path: &'static str,
    pub(super) by: By,
    pub(super) about: &'static str,
    /// Words without flags in the order that the command takes them.
    pub(super) params: &'static [&'static [Param]],
    /// Whether its answers come at once: these need not wait for long questions.
    pub(super) quick: bool,
}

impl Route {
    pub(super) fn params(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().copied().flatten()
    }
}

use Kind::{Again, Flag, List, Needed, Perhaps, Value, Word, Words};

const SEEN: &[Param] = &[
    p("as_of", Value, "What held on this day: YYYY, YYYY-MM or YYYY-MM-DD"),
    p("known_at", Value, "What had been published by this day"),
    p("source", List, "Only facts cited to these sources"),
];
const TYPES: &[Param] = &[p("type", List, "Only relations of these types")];
const WALK: &[Param] = &[
    p("direction", Value, "Follow relations in their direction (out), against it (in), or both ways (both)"),
    p("through", Flag, "Also pass through hubs: states, programmes, authorities, designations"),
];
const GROUND: &[Param] = &[
    p("as_of", Value, "The day the question is about; today where none is given"),
    p("known_at", Value, "What had been published by this day"),
    p("source", List, "Only facts cited to these sources"),
    p("treasury", Value, "A party's stake in itself: ignore or exclude"),
    p("complete", Flag, "Take all holders to be recorded"),
    p("open_world", Flag, "Take what no holder is recorded for as possibly held by listed parties"),
];
const REGIME: &[Param] = &[p("regime", List, "Regimes, side by side; all that give verdicts where none is named")];
const ENTITY: &[Param] = &[p("entity", Word, "An id or a name")];
const ENTITIES: &[Param] = &[p("entity", Words, "Ids or names; the parameter again for each")];
const LIMIT: &[Param] = &[p("limit", Value, "At most this many")];
const CHAIN: &[Param] = &[
    p("up", Flag, "Only who stands above it"),
    p("down", Flag, "Only what lies below it"),
    p("hops", Value, "How many links away"),
    p("limit", Value, "At most this many rows in each direction"),
];

const fn get(
    path: &'static str,
    command: &'static str,
    about: &'static str,
    quick: bool,
    params: &'static [&'static [Param]],
) -> Route {
    Route { method: Method::Get, path, by: By::Command(command), about, params, quick }
}

/// All of them.
pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::Get,
        path: "/v1/meta",
        by: By::Meta,
        about: "What there is: sources with their releases, types of nodes and edges, regimes, lists, formats",
        params: &[],
        quick: true,
    },
    get(
        "/v1/search",
        "search",
        "Parties by name, alias, identifier or id, best first, with score, band and evidence",
        true,
        &[
            &[
                p("q", Word, "A name in any spelling or script, or a part of one; an identifier; an id"),
                p(
                    "type",
                    Value,
                    "Only parties of this type: person, org, vessel, aircraft, or a type of the catalogue",
                ),
                p("birth", Value, "A date of birth that counts for and against"),
                p("country", List, "Countries that count for and against"),
            ],
            LIMIT,
            SEEN,
        ],
    ),
    get(
        "/v1/entity/{id}",
        "show",
        "Everything known of a party, with citations; or of a relation",
        true,
        &[&[p("id", Word, "Id or name of a party, or id of a relation")], LIMIT, TYPES, SEEN],
    ),
    Route {
        method: Method::Get,
        path: "/v1/counts",
        by: By::Counts,
        about: "Relations of a party by type and direction, most first, and nothing else",
        params: &[ENTITY, TYPES, SEEN],
        quick: true,
    },
    get(
        "/v1/neighbourhood",
        "neighbours",
        "What lies around a party, as a network document",
        true,
        &[ENTITY, &[p("hops", Value, "How many relations away; 1 where nothing is said")], LIMIT, WALK, TYPES, SEEN],
    ),
    get(
        "/v1/path",
        "path",
        "How two parties are connected, as a network document",
        false,
        &[
            &[
                p("from", Word, "Where it begins (id or name)"),
                p("to", Word, "Where it ends (id or name)"),
                p("all", Flag, "All shortest ways"),
                p("k", Value, "The N shortest ways, longer ones too"),
                p("max_hops", Value, "Longest way, in relations"),
            ],
            LIMIT,
            WALK,
            TYPES,
            SEEN,
        ],
    ),
    get(
        "/v1/between",
        "between",
        "What connects many parties, as a network document",
        false,
        &[ENTITIES, &[p("max_hops", Value, "Longest way that joins one, in relations")], WALK, TYPES, SEEN],
    ),
    get(
        "/v1/trace",
        "trace",
        "The ownership chain of a party, up and down",
        false,
        &[
            ENTITY,
            CHAIN,
            &[
                p("regime", Value, "The regime whose verdicts are marked; ofac where none is named"),
                p("no_verdicts", Flag, "No verdicts"),
            ],
            TYPES,
            SEEN,
        ],
    ),
    get(
        "/v1/verdict",
        "verdict",
        "Blocked, not blocked on the record, or cannot tell: under each regime on a day",
        false,
        &[
            ENTITIES,
            &[
                p("all", Flag, "Every party"),
                p("only", List, "Only these outcomes: listed, blocked, indeterminate, not_blocked"),
                p("over", Value, "The outcomes from day D1 up to D2, as D1..D2"),
            ],
            LIMIT,
            REGIME,
            GROUND,
        ],
    ),
    get("/v1/proof", "prove", "A verdict with its proof", false, &[ENTITY, REGIME, GROUND]),
    get(
        "/v1/what-if",
        "what-if",
        "What flips if stakes or listings were otherwise, and which sales would free a party",
        false,
        &[
            ENTITIES,
            &[
                p("list", Again, "Suppose a party on every list"),
                p("delist", Again, "Suppose a party on no list"),
                p("set", Again, "Suppose another share of a recorded stake: EDGE=SHARE"),
                p("add", Again, "Suppose one more stake: HOLDER>TARGET=SHARE"),
                p("votes", Flag, "The stakes of add are votes, not shares"),
                p("remove", Again, "Suppose a recorded relation gone: EDGE"),
                p("free", Flag, "The fewest stakes and ties whose sale would free the party, under one regime"),
                p("limit_size", Value, "With free: search exactly up to this many sales"),
            ],
            LIMIT,
            REGIME,
            GROUND,
        ],
    ),
    get(
        "/v1/exposure",
        "exposure",
        "What a verdict alone would hide: stakes below the line, control, ambiguous ties, mixed lists",
        false,
        &[ENTITIES, &[p("all", Flag, "Every party")], LIMIT, REGIME, GROUND],
    ),
    get(
        "/v1/own",
        "own",
        "What a party holds of others: directly, through all chains, as a 50 percent rule counts it",
        false,
        &[
            &[
                p("from", Word, "Whose holdings (id or name)"),
                p("to", Perhaps, "In whom (id or name); everybody who is reached where nobody is named"),
                p("method", Value, "How rings count in integrated ownership: baldone or walk"),
                p("exact", Flag, "Take the time that long exact values need"),
            ],
            LIMIT,
            REGIME,
            GROUND,
        ],
    ),
    get(
        "/v1/ubo",
        "ubo",
        "The natural persons behind a party",
        false,
        &[
            ENTITY,
            &[
                p("rule", Value, "How they are found: amlr, multiply, control, weakest-link"),
                p("threshold", Value, "Percent; that of the regime where nothing is said"),
                p("more_than", Flag, "More than the threshold, instead of the threshold or more"),
                p("exact", Flag, "Take the time that long exact values need"),
            ],
            REGIME,
            GROUND,
        ],
    ),
    get(
        "/v1/controls",
        "controls",
        "Whom a party controls",
        false,
        &[ENTITIES, &[p("all", Flag, "Everybody who controls somebody")], LIMIT, GROUND],
    ),
    get(
        "/v1/close-links",
        "close-links",
        "Holdings of 20 percent or more, direct or through others, and common holders",
        false,
        &[
            ENTITIES,
            &[
                p("threshold", Value, "Percent; 20 where nothing is said"),
                p("method", Value, "How chains are added: integrated or simple"),
                p("steps", Value, "At most this much work: chains or holdings looked at"),
            ],
            LIMIT,
            GROUND,
        ],
    ),
    get(
        "/v1/match",
        "match",
        "Are two parties, or two names, one: the score and why",
        true,
        &[
            &[
                p("a", Word, "A party by id or name; a name as it stands with names"),
                p("b", Word, "The other"),
                p("names", Flag, "a and b are names as they stand"),
                p("type", Value, "With names: person, org, vessel or aircraft"),
                p("birth", Again, "With names: a date of birth of a; given again, of b"),
                p("country", Again, "With names: a country of a; given again, of b"),
                p("id", Again, "With names: an identifier of a, as SCHEME:VALUE; given again, of b"),
            ],
            SEEN,
        ],
    ),
    get(
        "/v1/why",
        "why",
        "Why two parties are taken for the same, or are held apart",
        false,
        &[&[p("a", Word, "One party (id or name)"), p("b", Word, "The other (id or name)")]],
    ),
    get("/v1/how", "how", "How an entity came about: its parties, and the decisions on them", false, &[ENTITY]),
    get(
        "/v1/diff",
        "diff",
        "What changed between two releases of a source, or who became blocked or free between two days",
        false,
        &[
            &[
                p("source", Perhaps, "Id of the source"),
                p("from", Perhaps, "Date of the older release"),
                p("to", Perhaps, "Date of the newer release"),
                p("as_of", Again, "Instead: the earlier day; given again, the later one"),
            ],
            LIMIT,
            REGIME,
        ],
    ),
    get("/v1/stats", "stats", "Counts of what the store holds", false, &[TYPES, SEEN]),
    Route {
        method: Method::Get,
        path: "/v1/export",
        by: By::Export,
        about: "A file: a selection in a format; several files come as one zip",
        params: &[
            ENTITIES,
            &[
                p("format", Needed, "The format, see the formats of /v1/meta"),
                p("hops", Value, "How many relations away from the entities; 1 where nothing is said"),
            ],
            LIMIT,
            &[
                p("with_notes", Flag, "Let your own notes leave, too"),
                p("for_spreadsheet", Flag, "CSV: safe to open in a spreadsheet"),
                p("edges_key", Value, "Node-link JSON: the member that holds the edges"),
            ],
            WALK,
            TYPES,
            SEEN,
        ],
        quick: false,
    },
    Route {
        method: Method::Get,
        path: "/v1/tree",
        by: By::Tree,
        about: "The ownership chain to be drawn: positions, verdicts with their arithmetic, proofs",
        params: &[ENTITY, CHAIN, REGIME, TYPES, SEEN],
        quick: false,
    },
    Route {
        method: Method::Post,
        path: "/v1/layout",
        by: By::Picture,
        about: "Positions for the parties of the network document sent",
        params: &[],
        quick: false,
    },
    Route {
        method: Method::Post,
        path: "/v1/export",
        by: By::Picture,
        about: "A file: exactly the picture sent, a network document with positions and a title",
        params: &[&[
            p("format", Needed, "The format, see the formats of /v1/meta"),
            p("with_notes", Flag, "Let your own notes leave, too"),
        ]],
        quick: false,
    },
    Route {
        method: Method::Post,
        path: "/v1/check-proof",
        by: By::CheckProof,
        about: "Whether a proof holds: the body is what /v1/proof answered",
        params: &[],
        quick: false,
    },
    Route {
        method: Method::Post,
        path: "/v1/note",
        by: By::Note,
        about: "Keeps a note on a party, where the server was started with --edit",
        params: &[],
        quick: false,
    },
    Route {
        method: Method::Get,
        path: "/v1/openapi.json",
        by: By::OpenApi,
        about: "This description",
        params: &[],
        quick: true,
    },
];

/// The route of a path and a method, and what `{id}` stands for.
pub(super) fn find(method: Method, path: &[String]) -> Option<(&'static Route, Option<&str>)> {
    ROUTES.iter().filter(|r| r.method == method).find_map(|r| Some((r, fits(r, path)?)))
}

/// Methods that a path takes; `None` where there is no such address.
pub(super) fn allowed(path: &[String]) -> Option<&'static str> {
    let takes = |method| find(method, path).is_some();
    match (takes(Method::Get), takes(Method::Post)) {
        (true, true) => Some("GET, HEAD, POST"),
        (true, false) => Some("GET, HEAD"),
        (false, true) => Some("POST"),
        (false, false) => None,
    }
}

/// Whether a path is that of a route; with what `{id}` stands for.
fn fits<'p>(route: &Route, path: &'p [String]) -> Option<Option<&'p str>> {
    let mut id = None;
    let mut parts = route.path.trim_start_matches('/').split('/');
    for segment in path {
        match parts.next()? {
            "{id}" => id = Some(segment.as_str()),
            part if part == segment => {}
            _ => return None,
        }
    }
    parts.next().is_none().then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn addresses_and_parameters_are_unique() {
        let mut seen = HashSet::new();
        for r in ROUTES {
            assert!(seen.insert((r.path, r.method == Method::Get)), "{}", r.path);
            let mut names = HashSet::new();
            assert!(r.params().all(|p| names.insert(p.name)), "{}: {names:?}", r.path);
            assert!(r.about.len() > 10 && r.params().all(|p| !p.about.is_empty()), "{}", r.path);
        }
    }

    #[test]
    fn no_parameter_names_a_file() {
        let files = ["output", "out", "file", "files", "rules", "pairs", "graph", "from_file", "store", "force"];
        for r in ROUTES {
            assert!(r.params().all(|p| !files.contains(&p.name)), "{}", r.path);
            let asks_files = ["screen", "check-proof", "batch", "import", "update", "add", "link"];
            assert!(asks_files.iter().all(|c| r.by != By::Command(c)), "{}", r.path);
        }
    }

    #[test]
    fn paths_are_found() {
        let path = |p: &str| p.split('/').map(str::to_owned).collect::<Vec<_>>();
        let p = path("v1/entity/a:1");
        let (route, id) = find(Method::Get, &p).unwrap();
        assert_eq!((route.by, id), (By::Command("show"), Some("a:1")));
        assert_eq!(allowed(&path("v1/search")), Some("GET, HEAD"));
        assert_eq!(allowed(&path("v1/note")), Some("POST"));
        for nowhere in ["v1", "v1/entity", "v1/entity/a/b", "v2/search", "v1/search/", ""] {
            assert_eq!(allowed(&path(nowhere)), None, "{nowhere}");
        }
    }
}
