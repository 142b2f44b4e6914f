"""Reads a store folder by docs/format.md alone and prints what it holds.

usage: read_store.py FOLDER

Every checksum of every file that MANIFEST and PREVIOUS name is checked. For each record of each
source one JSON line: ["record", source, kind, part, repeat, key, [intervals]], an interval being
"from..to", "from..now", with " replaced" behind it where the fact did not end; for each edit of
the journal ["edit", time, actor, "put" or "retract", key or id]; for each decision ["decision", time,
"human", "rule" or "import", actor, a, b, "same", "different", "unsure" or "retract", the number taken
back or null, note, source, evidence]; last one line on the index: ["index", nodes, edges]. Anything that contradicts the description ends the program with a message.
"""

import calendar
import json
import sys
import unicodedata
from fractions import Fraction
from pathlib import Path

import xxhash

MAGIC = b"\x89CUB\r\n\x1a\n"
BLOCK = 64 * 1024
EDIT_BASE = 0xF0000000
OPTIONS = {"treasury", "complete", "unknown_remainder", "joint_arrangement"}


class Wrong(Exception):
    pass


def need(condition, message):
    if not condition:
        raise Wrong(message)


def le(data, at, width):
    need(0 <= at and at + width <= len(data), f"a number at {at} lies outside its {len(data)} bytes")
    return int.from_bytes(data[at : at + width], "little")


# The frame ---------------------------------------------------------------------------------


def frame(folder, name, kind, entry=None, newest=1):
    """Body of a framed file and its sum, all checksums checked."""
    data = (folder / name).read_bytes()
    size = len(data)
    need(size >= 48, f"{name}: too short")
    need(data[:8] == MAGIC, f"{name}: magic")
    need(data[8:12] == kind, f"{name}: kind {data[8:12]!r}")
    need(1 <= le(data, 12, 4) <= newest, f"{name}: format {le(data, 12, 4)}")
    seed = int.from_bytes(kind, "little")
    need(xxhash.xxh3_64_intdigest(data[-24:-8], seed) == le(data, size - 8, 8), f"{name}: last sum")
    end, total = le(data, size - 24, 8), le(data, size - 16, 8)
    blocks = -(-end // BLOCK)
    need(end >= 16 and end + 8 * blocks + 24 == size, f"{name}: lengths")
    table = data[end : size - 24]
    need(xxhash.xxh3_64_intdigest(table, end) == total, f"{name}: sum of the block table")
    for b in range(blocks):
        block = data[b * BLOCK : min((b + 1) * BLOCK, end)]
        need(xxhash.xxh3_64_intdigest(block) == le(table, 8 * b, 8), f"{name}: block {b}")
    if entry is not None:
        need(entry["name"] == name and entry["length"] == size and entry["sum"] == total, f"{name}: manifest entry")
    return data[:end], total


# Encoded values ----------------------------------------------------------------------------


class Decoder:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        need(self.at + n <= len(self.data), "an encoded value is cut off")
        self.at += n
        return self.data[self.at - n : self.at]

    def u8(self):
        return self.take(1)[0]

    def int(self):
        first = self.u8()
        if first < 251:
            return first
        need(first in (251, 252, 253), f"impossible integer mark {first}")
        return int.from_bytes(self.take({251: 2, 252: 4, 253: 8}[first]), "little")

    def bool(self):
        b = self.u8()
        need(b in (0, 1), "impossible truth value")
        return b == 1

    def text(self):
        return self.take(self.int()).decode("utf-8")

    def list(self, item):
        return [item() for _ in range(self.int())]

    def map(self, key, value):
        return {key(): value() for _ in range(self.int())}

    def option(self, item):
        return item() if self.bool() else None

    def pick(self, names):
        i = self.int()
        need(i < len(names), f"impossible choice {i}")
        return names[i]

    def end(self):
        need(self.at == len(self.data), "bytes behind an encoded value")


def day(bits):
    year, month, dom = bits >> 9, bits >> 5 & 15, bits & 31
    fine = 1 <= year <= 9999 and month <= 12 and (dom == 0 or month > 0)
    if fine and dom:
        fine = dom <= calendar.monthrange(year, month)[1]
    need(fine, f"impossible date {bits}")
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{dom:02}" if dom else "")


MODES = ["full", "additive", "delta"]
STATUS = ["asserted", "alleged", "disputed", "inferred", "withdrawn"]
ACT = ["sought", "offered", "agreed", "done"]
DIRECT = ["direct", "indirect", "unknown"]
RULINGS = ["same", "different", "unsure"]
DECREES = ["same", "different", "unsure", "retract"]
DECIDERS = ["human", "rule", "import"]
KINDS = ["party", "relation", "decision", "source", "node type", "edge type"]


def file_entry(d):
    return {"name": d.text(), "length": d.int(), "sum": d.int()}


def source_info(d):
    return {k: d.text() for k in ["id", "title", "publisher", "url", "published", "licence", "attribution"]}


def release(d):
    return {
        "number": d.int(),
        "date": d.int(),
        "format": d.text(),
        "mode": d.pick(MODES),
        "parts": d.list(d.text),
        "files": d.list(lambda: (d.text(), d.text())),
        "counts": d.map(d.text, d.int),
        "replaced": d.bool(),
    }


def source_entry(d):
    return {
        "info": source_info(d),
        "releases": d.list(lambda: release(d)),
        "segments": d.list(lambda: {"file": file_entry(d), "records": d.int()}),
        "presence": file_entry(d),
    }


def manifest(body):
    d = Decoder(body[16:])
    out = manifest_fields(d)
    out["decisions"] = []
    if le(body, 12, 4) >= 2:
        out["decisions"] = d.list(lambda: {"file": file_entry(d), "decisions": d.int()})
        need(out["decisions"], "a manifest of format 2 without decisions")
    d.end()
    return out


def manifest_fields(d):
    return {
        "generation": d.int(),
        "previous": d.int(),
        "sources": d.list(lambda: source_entry(d)),
        "journal": d.list(lambda: {"file": file_entry(d), "edits": d.int()}),
        "folded": d.int(),
        "index": d.option(lambda: file_entry(d)),
    }


def date(d):
    return day(d.int())


def citation(d):
    return {"source": d.text(), "locator": d.text(), "quote": d.text()}


def cites(d):
    return d.list(lambda: citation(d))


def fact(d):
    out = {k: d.text() for k in ["prop", "value", "kind", "script", "lang", "raw"]}
    out["from"], out["to"] = d.option(lambda: date(d)), d.option(lambda: date(d))
    out["status"], out["cites"] = d.pick(STATUS), cites(d)
    return out


def listing(d):
    out = {"list": d.text(), "from": d.option(lambda: date(d)), "to": d.option(lambda: date(d))}
    for k in ["programs", "basis", "measures"]:
        out[k] = d.list(d.text)
    out["cites"] = cites(d)
    return out


def end_of_relation(d):
    return ("id", d.text()) if d.pick(["id", "name"]) == "id" else ("name", d.text())


def percent(d):
    num, den = d.int(), d.int()
    need(den > 0, "a share without denominator")
    return num, den


def share(d):
    low, high = percent(d), percent(d)
    return low, high, d.bool(), d.bool()


def record(d):
    kind = d.int()
    need(kind < 6, f"impossible record kind {kind}")
    if kind == 0:
        r = {"id": d.text(), "node_type": d.text(), "facts": d.list(lambda: fact(d))}
        r["listings"], r["cites"] = d.list(lambda: listing(d)), cites(d)
    elif kind == 1:
        r = {"id": d.option(d.text), "source": end_of_relation(d), "target": end_of_relation(d)}
        r["edge_type"], r["share"] = d.text(), d.option(lambda: share(d))
        r["stake"], r["joint"], r["ordinal"] = d.text(), d.text(), d.int()
        r["direct"], r["start"], r["end"] = d.pick(DIRECT), d.option(lambda: date(d)), d.option(lambda: date(d))
        r["role"], r["status"], r["act"] = d.text(), d.pick(STATUS), d.pick(ACT)
        r["facts"], r["cites"] = d.list(lambda: fact(d)), cites(d)
    elif kind == 2:
        r = {"a": d.text(), "b": d.text(), "ruling": d.pick(RULINGS), "note": d.text()}
    elif kind == 3:
        r = source_info(d)
    elif kind == 4:
        r = node_type(d)
    else:
        r = edge_type(d)
    return kind, r


def node_type(d):
    return {"name": d.text(), "label": d.text(), "family": d.text(), "hub": d.bool(), "synonyms": d.list(d.text)}


def edge_type(d):
    out = {k: d.text() for k in ["name", "inverse", "label", "group"]}
    flags = ["ownership", "control", "votes", "ambiguous", "symmetric", "derived", "hub"]
    out.update({k: d.bool() for k in flags})
    out["synonyms"] = d.list(d.text)
    return out


def key(kind, r):
    if kind == 0:
        only = r["listings"][0] if len(r["listings"]) == 1 and not r["facts"] and not r["node_type"] else None
        if only and only["cites"] and only["cites"][0]["locator"]:
            c = only["cites"][0]
            return f"{r['id']}@{c['source']}/{c['locator']}"
        return r["id"]
    if kind == 1:
        if r["id"] is not None:
            return r["id"]
        a, b = (text if what == "id" else f'"{text}"' for what, text in (r["source"], r["target"]))
        stake = ">" + r["stake"] if r["stake"] else ""
        ordinal = f"#{r['ordinal']}" if r["ordinal"] else ""
        return f"{a}>{r['edge_type']}>{b}{stake}{ordinal}"
    if kind == 2:
        return f"{r['a']}={r['b']}"
    return r["id"] if kind == 3 else r["name"]


# Segments and presence -----------------------------------------------------------------------


def packed_word(d, words):
    w = d.int()
    return words[w - 1] if w else d.text()


def packed_id(d, words):
    w = d.int()
    return f"{words[w - 1]}:{d.text()}" if w else d.text()


def packed_date(d):
    return day(int.from_bytes(d.take(3), "little"))


def packed_cites(d, words):
    return d.list(lambda: {"source": packed_word(d, words), "locator": d.text(), "quote": d.text()})


def packed_fact(d, words):
    out = {"prop": packed_word(d, words)}
    mask, out["value"] = d.u8(), d.text()
    for bit, k in enumerate(["kind", "script", "lang"]):
        out[k] = packed_word(d, words) if mask >> bit & 1 else ""
    out["raw"] = d.text() if mask & 8 else ""
    out["from"], out["to"] = packed_date(d) if mask & 16 else None, packed_date(d) if mask & 32 else None
    out["status"] = STATUS[d.u8()] if mask & 64 else "asserted"
    out["cites"] = packed_cites(d, words) if mask & 128 else []
    return out


def packed_listing(d, words):
    out = {"list": packed_word(d, words)}
    mask = d.u8()
    need(mask < 64, "bits of a listing")
    out["from"], out["to"] = packed_date(d) if mask & 1 else None, packed_date(d) if mask & 2 else None
    for bit, k in enumerate(["programs", "basis", "measures"], 2):
        out[k] = d.list(lambda: packed_word(d, words)) if mask >> bit & 1 else []
    out["cites"] = packed_cites(d, words) if mask & 32 else []
    return out


def packed_share(d):
    bits, low = d.u8(), percent(d)
    return low, low if bits & 4 else percent(d), bits & 1 == 1, bits & 2 == 2


def packed_record(kind, d, words):
    if kind == 0:
        r = {"id": packed_id(d, words), "node_type": packed_word(d, words), "facts": d.list(lambda: packed_fact(d, words))}
        r["listings"], r["cites"] = d.list(lambda: packed_listing(d, words)), packed_cites(d, words)
        return r
    if kind != 1:
        again, r = record(d)
        need(again == kind, "a record does not fit its frame")
        return r
    mask = int.from_bytes(d.take(2), "little")
    need(mask < 1 << 15, "bits of a relation")
    has = lambda bit: mask >> bit & 1 == 1
    end = lambda bit: ("name", d.text()) if has(bit) else ("id", packed_id(d, words))
    r = {"edge_type": packed_word(d, words), "id": packed_id(d, words) if has(0) else None}
    r["source"], r["target"] = end(1), end(2)
    r["share"] = packed_share(d) if has(3) else None
    r["stake"], r["joint"] = d.text() if has(4) else "", d.text() if has(5) else ""
    r["ordinal"] = d.int() if has(6) else 0
    r["direct"] = DIRECT[d.u8()] if has(7) else "direct"
    r["start"], r["end"] = packed_date(d) if has(8) else None, packed_date(d) if has(9) else None
    r["role"] = packed_word(d, words) if has(10) else ""
    r["status"], r["act"] = STATUS[d.u8()] if has(11) else "asserted", ACT[d.u8()] if has(12) else "done"
    r["facts"] = d.list(lambda: packed_fact(d, words)) if has(13) else []
    r["cites"] = packed_cites(d, words) if has(14) else []
    return r


def segment(folder, entry):
    """Records of a segment as (kind, part, repeat, record)."""
    body, _ = frame(folder, entry["file"]["name"], b"SEGM", entry["file"])
    tail = len(body) - 32
    table, parts_at, words_at, count = (le(body, tail + 8 * i, 8) for i in range(4))
    rows = -(-count // 16) + 1
    need(count == entry["records"] and table + 8 * rows == parts_at <= words_at <= tail, "a segment does not add up")
    lists = []
    for a, b in [(parts_at, words_at), (words_at, tail)]:
        d = Decoder(body[a:b])
        lists.append(d.list(d.text))
        d.end()
    parts, words = lists
    offsets = [le(body, table + 8 * i, 8) for i in range(rows)]
    need(offsets[0] == 16 and offsets[-1] == table, "records do not fill their segment")
    out, all_ = [], Decoder(body[:table])
    all_.at = 16
    for i in range(count):
        need(i % 16 or offsets[i // 16] == all_.at, "an offset leads to no record")
        d = Decoder(all_.take(all_.int()))
        kind, part = d.u8(), d.u8()
        repeat = int.from_bytes(d.take(2), "little") if kind & 128 else 0
        r = packed_record(kind & 127, d, words)
        d.end()
        out.append((kind & 127, parts[part], repeat, r))
    all_.end()
    return out


def presence(folder, entry, records):
    """Of each record, (runs, deleted)."""
    body, _ = frame(folder, entry["name"], b"PRES", entry)
    d = Decoder(body[16:])
    patterns = d.list(lambda: (d.list(lambda: (d.int(), d.int())), d.list(d.int)))
    ranges = d.list(lambda: (d.int(), d.int()))
    d.end()
    out = [patterns[code] for length, code in ranges for _ in range(length)]
    need(len(out) == records, "the presence table does not fit the records")
    return out


def intervals(members, part, order, is_relation):
    """Intervals of each member of a group with one kind, part, repeat and key."""
    out = [[] for _ in members]
    current, form = None, ""

    def close(to, replaced):
        nonlocal current
        if current is not None:
            i, since = current
            until = "now" if to is None else day(to)
            out[i].append(f"{day(since)}..{until}" + (" replaced" if replaced else ""))
            current = None

    for r in order:
        covered, n = part in r["parts"], r["number"]
        said = None
        if covered:
            said = next((i for i, (runs, _) in enumerate(members) if any(a <= n <= b for a, b in runs)), None)
        if said is not None:
            if current is None or current[0] != said:
                close(r["date"], True)
                current = (said, r["date"])
            form = r["format"]
        elif current is not None:
            absent = r["mode"] == "full" and covered
            if absent or n in members[current[0]][1]:
                close(r["date"], absent and is_relation and r["format"] != form)
    close(None, False)
    return out


def source(folder, entry):
    records = [r for s in entry["segments"] for r in segment(folder, s)]
    said = presence(folder, entry["presence"], len(records))
    order = sorted((r for r in entry["releases"] if not r["replaced"]), key=lambda r: (r["date"], r["number"]))
    groups = {}
    for i, (kind, part, repeat, r) in enumerate(records):
        groups.setdefault((kind, part, repeat, key(kind, r)), []).append(i)
    when = [None] * len(records)
    for (kind, part, _, _), members in groups.items():
        for i, list_ in zip(members, intervals([said[m] for m in members], part, order, kind == 1)):
            when[i] = list_
    for (kind, part, repeat, r), list_ in zip(records, when):
        show("record", entry["info"]["id"], KINDS[kind], part, repeat, key(kind, r), list_)
    return [r for _, _, _, r in records]


def journal(folder, entry):
    body, _ = frame(folder, entry["file"]["name"], b"JRNL", entry["file"])
    d = Decoder(body[16:])
    count, put = d.int(), []
    need(count == entry["edits"], "the journal has another number of edits")
    for _ in range(count):
        time, actor, action = d.text(), d.text(), d.pick(["put", "retract"])
        if action == "put":
            kind, r = record(d)
            show("edit", time, actor, "put", key(kind, r))
            put.append(r)
        else:
            gone, _reason = d.text(), d.text()
            show("edit", time, actor, "retract", gone)
            put.append(None)
    d.end()
    return put


def decisions(folder, entry, before):
    body, _ = frame(folder, entry["file"]["name"], b"DECI", entry["file"], 2)
    need(le(body, 12, 4) == 2, "decisions in another format")
    at, count = le(body, len(body) - 16, 8), le(body, len(body) - 8, 8)
    need(16 <= at <= len(body) - 16 and count == entry["decisions"], "decisions do not add up")
    d = Decoder(body[at : len(body) - 16])
    need(d.int() == count, "another number of decisions")
    for number in range(before + 1, before + count + 1):
        time, by, actor, a, b = d.text(), d.pick(DECIDERS), d.text(), d.text(), d.text()
        decree = d.pick(DECREES)
        back = d.int() if decree == "retract" else None
        need(back is None or 0 < back < number, "a decision takes back what does not come before it")
        note, of, start, length = d.text(), d.text(), d.int(), d.int()
        need(length == 0 or 16 <= start <= start + length <= at, "evidence outside of its place")
        evidence = body[start : start + length].decode("utf-8") if length else ""
        need(not evidence or isinstance(json.loads(evidence), dict), "evidence that is no object")
        show("decision", time, by, actor, a, b, decree, back, note, of, evidence)
    d.end()
    return before + count


# The index -----------------------------------------------------------------------------------

LAYOUT = 2
SECTIONS = (
    "node_type node_flags id_offset id_bytes label_offset label_bytes id_hash local_hash out_offset target edge_type "
    "edge_meta edge_share edge_start edge_end edge_prov edge_record in_offset in_source in_edge record_offset record "
    "record_prov listed_node listed_list listed_from listed_to listed_prov dates shares name_text name_offset name_bytes "
    "name_node name_kind name_prov word_offset word_bytes post_offset posting edge_hash alias_hash alias_node alias_record provs"
).split()


def probe(table, slots, width, hashed):
    at = hashed * slots >> 64
    for _ in range(slots):
        slot = le(table, width * at, width)
        number, tag = (slot & 0xFFFFFF, slot >> 24) if width == 4 else (slot & 0xFFFFFFFF, slot >> 32)
        if number == 0:
            return
        if tag == hashed & ((1 << 8 * (width - 3 if width == 4 else 4)) - 1):
            yield number - 1
        at = (at + 1) % slots


def is_indic(c):
    n = ord(c)
    return 0x900 <= n <= 0x109F or 0x1780 <= n <= 0x17FF or 0x1160 <= n <= 0x11FF or n in (0x3099, 0x309A)


def normalised(text):
    out, gap = "", False
    for c in unicodedata.normalize("NFKD", text):
        mark = unicodedata.category(c).startswith("M")
        if mark and not is_indic(c):
            continue
        if mark or c.isalnum():
            out += " " if gap and out else ""
            gap = False
            out += c.lower()
        elif c not in "'\u2019\u02bc`":
            gap = True
    return unicodedata.normalize("NFC", out) if any(0x1100 <= ord(c) <= 0x11FF for c in out) else out


def index(folder, entry, records, edits):
    body, _ = frame(folder, entry["name"], b"INDX", entry)
    at, length = le(body, len(body) - 16, 8), le(body, len(body) - 8, 8)
    need(at + length == len(body) - 16, "the directory does not add up")
    d = Decoder(body[at : at + length])
    need(d.int() == LAYOUT, "layout of the index")
    places = d.list(lambda: (d.int(), d.int(), d.int(), d.u8(), d.u8(), d.int()))
    nodes, edges = d.int(), d.int()
    node_types, edge_types = d.list(lambda: node_type(d)), d.list(lambda: edge_type(d))
    lists, folded = d.list(d.text), d.int()
    described, arranged = d.list(d.int), d.list(d.int)
    namespace = d.option(d.text)
    need(all(r < len(records) for r in described), "a cited source without a record")
    d.end()
    need(len(places) == len(SECTIONS), f"{len(places)} sections")
    s, form = {}, {}
    for name, (start, size, items, width, slope, base) in zip(SECTIONS, places):
        need(start % 64 == 0 and start + size <= at, f"section {name}")
        s[name] = body[start : start + size]
        form[name] = (items, width, slope, base)

    def column(name, width=4):
        need(len(s[name]) % width == 0, f"section {name} is no whole column")
        return [le(s[name], i, width) for i in range(0, len(s[name]), width)]

    def unpacked(data, width, items):
        def part(bit):
            return int.from_bytes(data[bit // 8 : bit // 8 + 8], "little") >> bit % 8

        need(part(width * items) == 0 and not any(data[width * items // 8 + 8 :]), "bits behind the last item")
        return [part(width * i) & (1 << width) - 1 for i in range(items)]

    def packed(name, whole=False):
        items, width, slope, base = form[name]
        need(width <= 32 and (not whole or (width in (8, 16, 24, 32) and slope == base == 0)), f"width of {name}")
        size = (items * width + 7) // 8
        need(len(s[name]) == (size + 8 if size else 0), f"section {name} has another length than its items")
        return [(base + slope * i + v) % 2**32 for i, v in enumerate(unpacked(s[name], width, items))]

    def stairs(name):
        items, width, slope, base = form[name]
        stride, steps = 4 + 8 * width, (items + 63) // 64
        need(width <= 32 and slope == base == 0 and len(s[name]) == (stride * steps + 8 if steps else 0), f"stairs {name}")
        found = []
        for at in range(0, stride * steps, stride):
            step = s[name][at : at + stride]
            found += [le(step, 0, 4) + v for v in unpacked(step[4:], width, min(64, items - len(found)))]
        return found

    def lines(name):
        items, width, slope, base = form[name]
        need(width in (16, 32) and slope == base == 0 and items == nodes + 1, f"lines {name}")
        if width == 32:
            return column(name)
        need(len(s[name]) == (nodes + 28) // 29 * 64, f"lines {name}")
        found = []
        for at in range(0, len(s[name]), 64):
            line, here = s[name][at : at + 64], min(29, nodes - len(found))
            above = [le(line, 4 + 2 * i, 2) for i in range(here + 1)]
            found += [le(line, 0, 4) + v for v in above[:-1]]
            last = le(line, 0, 4) + above[-1]
            need(le(s[name], at + 64, 4) == last if at + 64 < len(s[name]) else not any(line[6 + 2 * here :]), f"lines {name}")
        return found + [last if nodes else 0]

    def texts(offsets, data):
        o = stairs(offsets)
        need(o[0] == 0 and o[-1] == len(s[data]), f"{offsets} does not fit {data}")
        return [s[data][a:b].decode("utf-8") for a, b in zip(o, o[1:])]

    ids, labels, words = texts("id_offset", "id_bytes"), texts("label_offset", "label_bytes"), texts("word_offset", "word_bytes")
    need(len(ids) == nodes and len(labels) == nodes, "number of nodes")
    others, places_of = texts("name_offset", "name_bytes"), packed("name_text")
    need([p for p in places_of if p] == list(range(1, len(others) + 1)), "texts of names")
    named = packed("name_node")
    names = [others[p - 1] if p else normalised(labels[n]) for p, n in zip(places_of, named)]
    need(all(t < len(node_types) for t in packed("node_type")) and len(packed("node_type")) == nodes, "node types")
    flags = packed("node_flags")
    need(len(flags) == nodes and all(f < 8 for f in flags), "flags")
    need(arranged == sorted(set(arranged)) and all(n < nodes and flags[n] & 4 for n in arranged), "arrangements")
    for n, text in enumerate(ids):
        hashed = xxhash.xxh3_64_intdigest(text.encode())
        need(n in probe(s["id_hash"], *form["id_hash"][:2], hashed), f"{text} is not found by its id")
        space, local = text.split(":", 1)
        need(namespace is None or namespace == space, f"{text} is in another namespace")
        found = probe(s["local_hash"], *form["local_hash"][:2], xxhash.xxh3_64_intdigest(local.encode()))
        need(namespace is not None or n in found, f"{text} by its local id")
    out, target, kinds = lines("out_offset"), packed("target", True), packed("edge_type")
    need(len(out) == nodes + 1 and out[-1] == edges == len(target) == len(kinds), "number of edges")
    subject = [n for n in range(nodes) for _ in range(out[n], out[n + 1])]
    rows = list(zip(subject, kinds, target))
    need(rows == sorted(rows) and all(k < len(edge_types) for k in kinds), "order of edges")
    inn = lines("in_offset")
    back = [n for n in range(nodes) for _ in range(inn[n], inn[n + 1])]
    order = packed("in_edge", True)
    need(sorted(order) == list(range(edges)), "in-edges")
    need([(target[e], kinds[e], subject[e]) for e in order] == sorted((t, k, a) for a, k, t in rows), "order of in-edges")
    need(back == [target[e] for e in order] and packed("in_source", True) == [subject[e] for e in order], "in-columns")
    provs = Decoder(s["provs"])
    known = provs.list(lambda: (provs.text(), provs.list(lambda: (provs.int(), provs.int(), provs.bool())), provs.list(provs.text)))
    provs.end()
    for name in ["edge_prov", "record_prov", "listed_prov", "name_prov"]:
        need(all(p < len(known) for p in packed(name)), f"{name} points outside the provenance table")
    for name in ["edge_record", "record", "alias_record"]:
        numbers = packed(name)
        need(all(r < len(records) or EDIT_BASE <= r < EDIT_BASE + len(edits) for r in numbers), f"{name} has no record")
    need(len(s["shares"]) % 40 == 0, "shares")
    dates = column("dates")
    need(all(day(bits) for bits in dates) and len(set(dates)) == len(dates), "dates")
    for name in ["listed_from", "listed_to"]:
        for bits in packed(name):
            need(bits == 0 or day(bits), name)
    stated = lambda number: edits[number - EDIT_BASE] if number >= EDIT_BASE else records[number]
    when = lambda code: None if code == 0 else day(dates[code - 1])
    rare = [tuple(le(s["shares"], at + 8 * k, 8) for k in range(5)) for at in range(0, len(s["shares"]), 40)]

    def share_of(code):
        if code <= 10001:
            exact = Fraction(code - 1, 100)
            return None if code == 0 else (exact, exact, False, False)
        a, b, c, d, flags = rare[code - 10002]
        return Fraction(a, b), Fraction(c, d), flags & 1 == 1, flags & 2 == 2

    said = lambda held: held and (Fraction(*held[0]), Fraction(*held[1]), held[2], held[3])
    for code, number in zip(packed("edge_share"), packed("edge_record")):
        need(share_of(code) == said(stated(number)["share"]), "share of an edge")
    for marks, number, a, b in zip(packed("edge_meta"), packed("edge_record"), packed("edge_start"), packed("edge_end")):
        r = stated(number)
        need((when(a), when(b)) == (r["start"], r["end"]), "dates of an edge")
        former = any(f["prop"] == "former" and f["value"] == "true" and f["status"] != "withdrawn" for f in r["facts"])
        need(STATUS[marks & 7] == r["status"] and ACT[marks >> 3 & 3] == r["act"], "status or act")
        need(DIRECT[marks >> 5 & 3] == r["direct"] and marks < 512, "directness")
        need((marks >> 7 & 1 == 1) == bool(r["stake"] or r["joint"]) and (marks >> 8 == 1) == former, "marks of an edge")
    starts, of_nodes = packed("record_offset"), packed("record")
    for n in range(nodes):
        props = {f["prop"] for number in of_nodes[starts[n] : starts[n + 1]] for f in stated(number)["facts"]}
        need((flags[n] & 4 != 0) == bool(props & OPTIONS), "mark of options")
        need((n in arranged) == ("joint_arrangement" in props), "list of arrangements")
    listed = packed("listed_node")
    need(listed == sorted(listed) and all(c < len(lists) for c in packed("listed_list")), "listings")
    raw = [n.encode() for n in names]
    need(raw == sorted(raw) and all(k <= 4 for k in packed("name_kind")), "order of names")
    raw = [w.encode() for w in words]
    need(raw == sorted(set(raw)), "order of words")
    posts, posting = stairs("post_offset"), packed("posting")
    need(len(posts) == len(words) + 1 and posts[-1] == len(posting), "postings")
    for w, a, b in zip(words, posts, posts[1:]):
        need(posting[a:b] == sorted(set(posting[a:b])), "order of postings")
        need(all(w in names[i].split(" ") for i in posting[a:b]), f"posting of {w}")
    need(sum(len(set(n.split(" "))) for n in names) == len(posting), "number of postings")
    aliases = column("alias_hash", 8)
    need(aliases == sorted(aliases) and len(packed("alias_node")) == len(aliases), "aliases")
    need(folded <= len(edits), "the index holds more edits than there are")
    show("index", nodes, edges)


def show(*values):
    print(json.dumps(values, ensure_ascii=False, separators=(",", ":")))


def names(folder, entry):
    """The file of names beside an index: its sums, and that it is of this index."""
    name = entry["name"].replace("index-", "names-", 1)
    if not (folder / name).exists():
        return
    body, _ = frame(folder, name, b"NAME")
    need(len(body) >= 32 and le(body, 16, 8) == entry["sum"], "the file of names is of another index")


def main():
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    folder = Path(sys.argv[1])
    body, total = frame(folder, "MANIFEST", b"MANI", None, 2)
    m = manifest(body)
    body, before = frame(folder, "PREVIOUS", b"MANI", None, 2)
    p = manifest(body)
    need(p["generation"] < m["generation"], "PREVIOUS is not older than MANIFEST")
    if p["generation"] + 1 == m["generation"] and m["generation"] > 1 and m["previous"]:
        need(before == m["previous"], "PREVIOUS is not the manifest before MANIFEST")
    for e in p["sources"]:
        for s in e["segments"]:
            frame(folder, s["file"]["name"], b"SEGM", s["file"])
        frame(folder, e["presence"]["name"], b"PRES", e["presence"])
    for e in p["journal"]:
        frame(folder, e["file"]["name"], b"JRNL", e["file"])
    for e in p["decisions"]:
        frame(folder, e["file"]["name"], b"DECI", e["file"], 2)
    records = [r for e in m["sources"] for r in source(folder, e)]
    edits = [r for e in m["journal"] for r in journal(folder, e)]
    decided = 0
    for e in m["decisions"]:
        decided = decisions(folder, e, decided)
    if m["index"] is not None:
        index(folder, m["index"], records, edits)
        names(folder, m["index"])


if __name__ == "__main__":
    try:
        main()
    except (Wrong, OSError, UnicodeDecodeError, IndexError) as e:
        sys.exit(f"read_store.py: {e}")
