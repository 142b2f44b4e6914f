"""Loads a folder of exports in independent software and compares it with expected.json.

usage: check.py FOLDER [GEXF_RNG [BODS_SCHEMAS]]

FOLDER holds one folder per format and expected.json:
{"nodes": {id: {label, kind, listed, sources, described}}, "edges": {id: {source, target, kind, share, ...}},
"licence": text or null}.
Every difference is printed; any difference fails.
"""

import csv
import json
import math
import re
import shutil
import subprocess
import sys
from pathlib import Path

import igraph
import networkx as nx
from lxml import etree

folder = Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
problems = []
checks = 0
csv.field_size_limit(10_000_000)


def same(where, found, wanted):
    global checks
    checks += 1
    if found != wanted or type(found) is not type(wanted):
        problems.append(f"{where}: found {found!r}, expected {wanted!r}")


def xml_text(text):
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)


def one_line(text):
    return re.sub("[\x00-\x1f]", "\ufffd", re.sub("[\n\r\t]", " ", text))


def drawn(text):
    return re.sub("[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]", "\ufffd", re.sub("[\r\t]", " ", text))


def identity(text):
    return text


def compare(reader, nodes, edges, text=identity):
    """nodes: [(id, attributes)], edges: [(source, target, attributes)], attributes as the reader has them."""
    same(f"{reader}: number of nodes", len(nodes), len(expected["nodes"]))
    same(f"{reader}: number of edges", len(edges), len(expected["edges"]))
    wanted = {text(i): n for i, n in expected["nodes"].items()}
    same(f"{reader}: expectation is one to one", len(wanted), len(expected["nodes"]))
    for i, a in nodes:
        if i not in wanted:
            problems.append(f"{reader}: node {i!r} is not expected")
            continue
        want = wanted[i]
        same(f"{reader}: label of {i!r}", a.get("label"), text(want["label"]))
        same(f"{reader}: kind of {i!r}", a.get("kind"), want["kind"])
        same(f"{reader}: listed of {i!r}", a.get("listed"), want["listed"])
    same(f"{reader}: ids", sorted(i for i, _ in nodes), sorted(wanted))
    wanted = {text(i): e for i, e in expected["edges"].items()}
    same(f"{reader}: edge expectation is one to one", len(wanted), len(expected["edges"]))
    same(f"{reader}: edge ids", sorted(str(a.get("edge_id")) for _, _, a in edges), sorted(wanted))
    for source, target, a in edges:
        i = a.get("edge_id")
        if i not in wanted:
            problems.append(f"{reader}: edge {i!r} is not expected")
            continue
        want = wanted[i]
        same(f"{reader}: source of {i!r}", source, text(want["source"]))
        same(f"{reader}: target of {i!r}", target, text(want["target"]))
        same(f"{reader}: kind of {i!r}", a.get("kind"), want["kind"])
        for name in ("share", "start_date", "end_date", "status", "share_min", "share_max"):
            same(f"{reader}: {name} of {i!r}", a.get(name), want[name])
        same(f"{reader}: directed of {i!r}", a.get("directed"), want["kind"] != "family_of")


def credited(reader, text):
    if expected["licence"] is not None:
        same(f"{reader}: names the licence", isinstance(text, str) and expected["licence"] in text, True)


def file_of(name):
    files = sorted((folder / name).iterdir())
    same(f"{name}: one file", len(files), 1)
    return str(files[0])


# GraphML -----------------------------------------------------------------------------------
path = file_of("graphml")
tree = etree.parse(path)
ns = "{http://graphml.graphdrawing.org/xmlns}"
for element in tree.iter(ns + "node", ns + "edge"):
    if not re.fullmatch(r"[A-Za-z0-9:._-]+", element.get("id")):
        problems.append(f"GraphML: id {element.get('id')!r} is no NMTOKEN")
for element in tree.iter(ns + "key"):
    same("GraphML: key type", element.get("attr.type") in ("string", "boolean", "double"), True)
    same("GraphML: key name", bool(re.fullmatch(r"[A-Za-z_]+", element.get("attr.name"))), True)

g = nx.read_graphml(path, force_multigraph=True)
same("networkx GraphML: directed", g.is_directed(), True)
exact = nx.get_node_attributes(g, "ext_id")
credited("networkx GraphML", g.graph.get("attribution"))
compare(
    "networkx GraphML",
    [(a["ext_id"], a) for _, a in g.nodes(data=True)],
    [(exact[s], exact[t], a) for s, t, a in g.edges(data=True)],
    xml_text,
)
wanted = {xml_text(i): n["sources"] for i, n in expected["nodes"].items()}
for _, a in g.nodes(data=True):
    same("networkx GraphML: sources", json.loads(a.get("sources", "[]")), wanted.get(a["ext_id"]))

g = igraph.Graph.Read_GraphML(path)
same("igraph GraphML: directed", g.is_directed(), True)
credited("igraph GraphML", g["attribution"] if "attribution" in g.attributes() else None)


def unset(attributes):
    # igraph fills what is not stated: "" for texts, NaN for numbers.
    return {k: None if v == "" or (isinstance(v, float) and math.isnan(v)) else v for k, v in attributes.items()}


compare(
    "igraph GraphML",
    [(v["ext_id"], v.attributes()) for v in g.vs],
    [(g.vs[e.source]["ext_id"], g.vs[e.target]["ext_id"], unset(e.attributes())) for e in g.es],
    xml_text,
)

# GEXF --------------------------------------------------------------------------------------
path = file_of("gexf")
tree = etree.parse(path)
if len(sys.argv) > 2:
    grammar = etree.RelaxNG(etree.parse(sys.argv[2]))
    if not grammar.validate(tree):
        problems.extend(f"GEXF grammar: {e}" for e in grammar.error_log)
    broken = etree.parse(path)
    broken.getroot()[1].set("mode", "sometimes")
    same("GEXF grammar: refuses a wrong mode", grammar.validate(broken), False)
    print("GEXF validated against the RELAX NG grammar")
else:
    print("skipped: no GEXF grammar given")
ns = {"g": "http://gexf.net/1.3", "viz": "http://gexf.net/1.3/viz"}
credited("GEXF", tree.findtext("g:meta/g:description", namespaces=ns))
triples = [(e.get("source"), e.get("target"), e.get("kind")) for e in tree.iterfind(".//g:edge", ns)]
same("GEXF: unique triples", len(set(triples)), len(triples))
same("GEXF: positions", len(tree.findall(".//viz:position", ns)), len(expected["nodes"]))
same("GEXF: spells", len(tree.findall(".//g:spell", ns)),
     sum(1 for e in expected["edges"].values() if e["start_date"] or e["end_date"]))
titles = {a.get("id"): a.get("title") for a in tree.iterfind(".//g:attributes[@class='edge']/g:attribute", ns)}
attvalues = [
    {titles[v.get("for")]: v.get("value") for v in e.iterfind("g:attvalues/g:attvalue", ns)}
    for e in tree.iterfind(".//g:edge", ns)
]
same("GEXF: plain kinds", sorted(a["kind"] for a in attvalues), sorted(e["kind"] for e in expected["edges"].values()))

g = nx.read_gexf(path)
same("networkx GEXF: directed", g.is_directed(), True)
# networkx chooses the simple kind of graph where no edges are parallel.
pairs = [(e["source"], e["target"]) for e in expected["edges"].values()]
same("networkx GEXF: parallel edges", g.is_multigraph(), len(set(pairs)) != len(pairs))
# networkx lets the numbered kind of the element win over the attribute.
plain = [(s, t, {**a, "kind": re.sub(r"#\d+$", "", a["kind"])}) for s, t, a in g.edges(data=True)]
compare("networkx GEXF", list(g.nodes(data=True)), plain, xml_text)

# Node-link ---------------------------------------------------------------------------------
data = json.loads(Path(file_of("node-link")).read_text(encoding="utf-8"))
g = nx.node_link_graph(data, edges="links")
same("networkx node-link: directed", g.is_directed(), True)
same("networkx node-link: keys", sorted(k for _, _, k in g.edges(keys=True)), sorted(expected["edges"]))
credited("networkx node-link", g.graph.get("attribution"))
compare("networkx node-link", list(g.nodes(data=True)), list(g.edges(data=True)))

# JSON lines and the document ---------------------------------------------------------------
lines = Path(file_of("jsonl")).read_bytes().decode("utf-8").rstrip("\n").split("\n")
rows = [json.loads(line) for line in lines]
same("jsonl: elements", {r["element"] for r in rows} <= {"edge", "graph", "node", "source"}, True)
credited("jsonl sources", "\n".join(r.get("licence", "") for r in rows if r["element"] == "source"))
credited("jsonl", rows[0].get("attribution"))
compare(
    "jsonl",
    [(r["id"], r) for r in rows if r["element"] == "node"],
    [(r["source"], r["target"], r) for r in rows if r["element"] == "edge"],
)

data = json.loads(Path(file_of("document")).read_text(encoding="utf-8"))
described = {i: n for i, n in expected["nodes"].items() if n["described"]}
names = {n["label"]: i for i, n in expected["nodes"].items() if not n["described"]}
same("document: ids", sorted(n["id"] for n in data["nodes"]), sorted(described))
credited("document", "\n".join(s.get("licence", "") for s in data["sources"]))
for n in data["nodes"]:
    name = n.get("name", n["id"])
    name = name["value"] if isinstance(name, dict) else name
    same(f"document: name of {n['id']!r}", name, described[n["id"]]["label"])
same("document: edge ids", sorted(e["id"] for e in data["edges"]), sorted(expected["edges"]))
for e in data["edges"]:
    for side in ("source", "target"):
        end = names[e[side]["name"]] if isinstance(e[side], dict) else e[side]
        same(f"document: {side} of {e['id']!r}", end, expected["edges"][e["id"]][side])
    same(f"document: kind of {e['id']!r}", e["type"], expected["edges"][e["id"]]["kind"])
    share = e["share"]
    if isinstance(share, dict):
        low = share.get("min") or ">" + share["exclusive_min"]
        share = low + " to " + (share.get("max") or "<" + share["exclusive_max"])
    same(f"document: share of {e['id']!r}", share, expected["edges"][e["id"]]["share"])

# CSV ---------------------------------------------------------------------------------------
WORDS = {"true": True, "false": False}


def typed(row):
    # In CSV everything is text and nothing is the empty text.
    row = {k: v if v else None for k, v in row.items()}
    for k in ("listed", "directed"):
        if k in row:
            row[k] = WORDS[row[k]]
    for k in ("share_min", "share_max"):
        if row.get(k):
            row[k] = float(row[k])
    return row


def table(path):
    with open(path, newline="", encoding="utf-8") as f:
        rows = list(csv.reader(f, strict=True))
    for row in rows:
        same(f"{path}: width", len(row), len(rows[0]))
    return rows[0], [dict(zip(rows[0], row)) for row in rows[1:]]


_, nodes = table(folder / "csv/nodes.csv")
_, edges = table(folder / "csv/edges.csv")
_, sources = table(folder / "csv/sources.csv")
credited("csv", "\n".join(s["licence"] for s in sources))
same("csv: id twice", [e["id"] for e in edges], [e["edge_id"] for e in edges])
compare("csv", [(r["id"], typed(r)) for r in nodes], [(r["source"], r["target"], typed(r)) for r in edges])

# Neo4j -------------------------------------------------------------------------------------
for name in ("nodes", "relationships"):
    path = folder / f"neo4j/{name}.csv"
    raw = path.read_bytes()
    same(f"neo4j {name}: no byte order mark, no CR", raw.startswith(b"\xef\xbb\xbf") or b"\r" in raw, False)
    header, rows = table(path)
    same(f"neo4j {name}: one line per row", raw.count(b"\n"), len(rows) + 1)
    for column in header:
        ok = re.fullmatch(r"([a-z_]+)?(:(ID|START_ID|END_ID)\(Party\)|:TYPE|:LABEL|:boolean|:double|:string\[\])?", column)
        same(f"neo4j {name}: header {column}", bool(ok and column), True)
    plain = [{re.sub(r":.*", "", k) or k: v for k, v in r.items()} for r in rows]
    if name == "nodes":
        nodes = [(r["id"], typed(r)) for r in plain]
        for r in plain:
            same("neo4j: labels", bool(re.fullmatch(r"Party;[A-Z][A-Za-z]+(;Listed)?", r[":LABEL"])), True)
    else:
        edges = [(r[":START_ID(Party)"], r[":END_ID(Party)"], typed(r)) for r in plain]
        for r in plain:
            same("neo4j: type", r[":TYPE"], r["kind"].upper())
compare("neo4j", nodes, edges, one_line)
readme = (folder / "neo4j/README.txt").read_text(encoding="utf-8")
credited("neo4j", readme)
same("neo4j: command line", "neo4j-admin database import full" in readme, True)

# FollowTheMoney ----------------------------------------------------------------------------
lines = Path(file_of("ftm")).read_bytes().decode("utf-8").rstrip("\n").split("\n")
entities = [json.loads(line) for line in lines]
credited("FollowTheMoney", entities[0].get("attribution"))
ids = {e["id"] for e in entities}
same("FollowTheMoney: unique ids", len(ids), len(entities))
for e in entities:
    same(f"FollowTheMoney: form of the id {e['id']}", bool(re.fullmatch(r"[0-9a-zA-Z]([0-9a-zA-Z.-]*[0-9a-zA-Z])?", e["id"])), True)
ENDS = {"Ownership": ("owner", "asset"), "Control": ("controller", "controlled"), "Directorship": ("director", "organization"),
        "Family": ("person", "relative"), "UnknownLink": ("subject", "object")}
edges = [e for e in entities if e["schema"] in ENDS]
# A programme is a text of the party under it.
under = [e for e in expected["edges"].values() if e["kind"] == "under_program"]
same("FollowTheMoney: edges", len(edges), len(expected["edges"]) - len(under))
same("FollowTheMoney: programmes", sum(len(e["properties"].get("program", [])) for e in entities if e["schema"] not in ENDS and e["schema"] != "Sanction"), len(under))
# Parties of which only the id is known are referred to and not described.
named = [n["label"] for n in expected["nodes"].values() if n["described"] or n["kind"] == "unresolved_name"]
parties = [e for e in entities if e["schema"] not in ENDS and e["schema"] != "Sanction"]
same("FollowTheMoney: names", sorted(e["properties"]["name"][0] for e in parties), sorted(named))
plain = [e for e in expected["edges"].values() if e["kind"] == "owns" and e["status"] == "asserted"]
for ours, theirs in (("share", "percentage"), ("start_date", "startDate"), ("end_date", "endDate")):
    found = sorted(e["properties"].get(theirs, [""])[0] for e in edges if e["schema"] == "Ownership")
    same(f"FollowTheMoney: {theirs}", found, sorted(e[ours] or "" for e in plain))
try:
    from followthemoney import __version__ as ftm_version
    from followthemoney import model
except ImportError:
    print("skipped: followthemoney is not installed (requirements-ftm.txt)")
else:
    outside = set()
    for e in entities:
        schema = model.get(e["schema"])
        same(f"followthemoney: schema {e['schema']}", schema is not None and not schema.abstract, True)
        proxy = model.get_proxy(e)
        same(f"followthemoney: values of {e['id']}", sum(len(v) for v in e["properties"].values()),
             sum(len(set(proxy.get(p))) for p in proxy.properties))
        for name, values in e["properties"].items():
            prop = schema.get(name)
            same(f"followthemoney: {e['schema']}.{name}", prop is not None and not prop.stub, True)
            if prop.type.name == "entity":
                outside.update(v for v in values if v not in ids)
            if prop.type.name in ("date", "topic"):
                for v in values:
                    same(f"followthemoney: {name} {v!r}", prop.type.clean(v), v)
    same("followthemoney: ids outside", len(outside), sum(not n["described"] and n["kind"] == "thing" for n in expected["nodes"].values()))
    print(f"followthemoney {ftm_version} knows every schema and property")

# Graphviz ----------------------------------------------------------------------------------
path = file_of("dot")
credited("dot", Path(path).read_text(encoding="utf-8"))
if shutil.which("dot"):
    run = subprocess.run(["dot", "-Tdot_json", path], capture_output=True, check=False)
    same("dot: exit code and messages", (run.returncode, run.stderr.decode()), (0, ""))
    data = json.loads(run.stdout.decode("utf-8"), strict=False)
    same("dot: directed, not strict", (data["directed"], data["strict"]), (True, False))

    def undo(text):
        return re.sub(r"\\(.)", lambda m: "\n" if m.group(1) == "n" else m.group(1), text)

    def attributes(obj):
        # Graphviz pads what is not stated with the empty text.
        a = {k: undo(v) for k, v in obj.items() if isinstance(v, str) and v != ""}
        if "caption" in a:
            a["label"] = a["caption"]
        return typed(a)

    named = {o["_gvid"]: undo(o["name"]) for o in data["objects"]}
    compare(
        "Graphviz",
        [(undo(o["name"]), attributes(o)) for o in data["objects"]],
        [(named[e["tail"]], named[e["head"]], attributes(e)) for e in data.get("edges", [])],
        drawn,
    )
    for e in data.get("edges", []):
        share = expected["edges"][undo(e["edge_id"])]["share"] if "\ufffd" not in e["edge_id"] else e.get("share") or None
        lines = undo(e["label"]).split("\n")
        same("dot: share is drawn", lines[1:], [share + "%"] if share else [])
    run = subprocess.run(["dot", "-Tsvg", path], capture_output=True, check=False)
    same("dot SVG: exit code and messages", (run.returncode, run.stderr.decode()), (0, ""))
    svg = etree.fromstring(run.stdout, etree.XMLParser(huge_tree=True))
    s = "{http://www.w3.org/2000/svg}"
    groups = [x for x in svg.iter(s + "g") if x.get("class") == "node"]
    same("dot SVG: nodes", len(groups), len(expected["nodes"]))
    found = sorted("".join(t.text or "" for t in x.iter(s + "text")).replace("\u00a0", " ") for x in groups)
    wanted = sorted(drawn(n["label"]).replace("\n", "").replace("\u00a0", " ") for n in expected["nodes"].values())
    same("dot SVG: drawn labels", found, wanted)
    same("dot SVG: edges", len([x for x in svg.iter(s + "g") if x.get("class") == "edge"]), len(expected["edges"]))
    version = subprocess.run(["dot", "-V"], capture_output=True, check=False).stderr.decode().strip()
else:
    print("skipped: dot is not on PATH")
    version = "no Graphviz"

# BODS --------------------------------------------------------------------------------------
statements = json.loads(Path(file_of("bods")).read_text(encoding="utf-8"))
if len(sys.argv) > 3:
    import check_bods

    for fault in check_bods.faults(check_bods.validator(sys.argv[3]), statements):
        problems.append(f"BODS: {fault}")
else:
    print("skipped: the schemas of BODS")
credited("BODS", " ".join(s["source"]["description"] for s in statements if "source" in s))
persons = {"person"}
entities = {"company", "legal_entity", "state", "arrangement", "thing", "unresolved_name"}
sayable = {"owns": "shareholding", "owns_or_controls": "unknownInterest", "directs": "boardMember", "controls": "otherInfluenceOrControl"}
kinds = {i: n["kind"] for i, n in expected["nodes"].items()}
wanted = {
    i: e
    for i, e in expected["edges"].items()
    if e["kind"] in sayable and kinds[e["source"]] in persons | entities and kinds[e["target"]] in entities
}
records = {s["recordId"]: s for s in statements}
same("BODS: relations", sorted(i for i, s in records.items() if s["recordType"] == "relationship"), sorted(wanted))
ends = {e[k] for e in wanted.values() for k in ("source", "target")}
known = {i for i, k in kinds.items() if k in (persons | entities) - {"thing", "unresolved_name"} or i in ends}
same("BODS: parties", sorted(i for i, s in records.items() if s["recordType"] != "relationship"), sorted(known))
for i in sorted(known & set(records)):
    details = records[i]["recordDetails"]
    label = expected["nodes"][i]["label"]
    if kinds[i] in persons:
        same(f"BODS: name of {i!r}", details["names"][0]["fullName"], label)
    else:
        same(f"BODS: name of {i!r}", details.get("name", i), label)
for i in sorted(set(wanted) & set(records)):
    want, details = wanted[i], records[i]["recordDetails"]
    interest = details["interests"][0]
    remark = next((a for a in records[i].get("annotations", []) if "cuibono" in a), {"description": "", "cuibono": {}})
    own = remark["cuibono"]
    same(f"BODS: ends of {i!r}", (details["interestedParty"], details["subject"]), (want["source"], want["target"]))
    same(f"BODS: type of {i!r}", interest["type"], sayable[want["kind"]])
    for name, text in own.items():
        same(f"BODS: {name} of {i!r} is said in words too", f"{name}: {text}" in remark["description"], True)
    share = interest.get("share", {})
    low = share.get("exact", share.get("minimum", share.get("exclusiveMinimum")))
    high = share.get("exact", share.get("maximum", share.get("exclusiveMaximum")))
    if want["share"] is None:
        same(f"BODS: share of {i!r}", share, {})
    else:
        same(f"BODS: share of {i!r}", low <= want["share_min"] <= want["share_max"] <= high, True)
        same(f"BODS: share of {i!r} is no wider", high - low - (want["share_max"] - want["share_min"]) < 1e-9, True)
        said = "exact" in share or "/" not in want["share"]
        same(f"BODS: exact share of {i!r}", own.get("share"), None if said else want["share"])
    for name, member in (("start_date", "startDate"), ("end_date", "endDate")):
        date = want[name]
        full = date and (date + "-01-01")[:10]
        same(f"BODS: {name} of {i!r}", interest.get(member), full)
        same(f"BODS: exact {name} of {i!r}", own.get(name[:-5]), date if date != full else None)

if problems:
    print(f"{len(problems)} differences")
    print("\n".join(problems[:60]))
    sys.exit(1)
print(f"networkx {nx.__version__}, igraph {igraph.__version__}, lxml {etree.__version__}, {version}")
print(f"{checks} comparisons, all readers agree")
