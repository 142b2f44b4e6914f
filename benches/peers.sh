#!/bin/sh
# The table against other engines, from one run: benches/peers.sh HARNESS NODES WORK [ENGINES]
#
# HARNESS is the folder with the benchmark's generate.py and peers.py, NODES the size of the network
# (100k, 1M), WORK a folder for data, stores and results. ENGINES are names that peers.py knows,
# separated by commas (igraph counts all shortest paths of the larger network in 20 GB). PYTHON names a python that has numpy and the engines.
set -eu
harness=$1 nodes=$2 work=$3 engines=${4:-cli,igraph,rustworkx,networkx}
python=${PYTHON:-python3}
export PYTHONDONTWRITEBYTECODE=1
here=$(cd "$(dirname "$0")/.." && pwd)
(cd "$here" && cargo build --release --locked --bin cuibono --example bench_peers)
target=${CARGO_TARGET_DIR:-$here/target}/release
BENCH_CLI=$target/examples/bench_peers
export BENCH_CLI
mkdir -p "$work"
[ -e "$work/data/meta.json" ] || "$python" "$harness/generate.py" --nodes "$nodes" --seed 7 --out "$work/data"
"$python" "$harness/peers.py" run --data "$work/data" --work "$work" --engines "$engines" \
    --budget "${BUDGET:-10}" --limit 60 --out "$work/results.jsonl"
"$python" "$harness/peers.py" table --in "$work/results.jsonl"

# What the harness does not ask: the same on a day in the past, under further edges (one for every
# hundred), with caches warmed by the same questions before, and whole processes of the program.
rm -rf "$work/own" && "$BENCH_CLI" bench-load "$work/data" "$work/own"
"$python" - "$work" "$target/cuibono" "$BENCH_CLI" <<'PYTHON'
import json, random, statistics, subprocess, sys, time

work, program, bench = sys.argv[1:]
asked = [json.loads(line) for line in open(f"{work}/queries.jsonl")]
small = [q for q in asked if q["op"] not in ("pagerank", "wcc")]
whole = [q for q in asked if q["op"] in ("pagerank", "wcc")]
then = [dict(q, op=q["op"] + "_as_of") for q in asked if q["op"] in ("up", "block", "wcc")]
then += [{"op": "cascade", "args": []}] * 3

head, *rows = [line.rstrip("\n").split(",") for line in open(f"{work}/data/edges.csv")]
known, draw = {tuple(r[:3]) for r in rows}, random.Random(5)
pick = draw.sample(range(len(rows)), len(rows) // 100)
with open(f"{work}/over.csv", "w") as f:
    f.write(",".join(head) + "\n")
    for a, b in zip(pick, pick[1:] + pick[:1]):
        row = [rows[a][0], rows[b][1], *rows[a][2:]]
        if row[0] != row[1] and tuple(row[:3]) not in known:
            known.add(tuple(row[:3]))
            f.write(",".join(row) + "\n")

def ask(questions, *options):
    with open(f"{work}/own.jsonl", "w") as f:
        f.writelines(json.dumps(q) + "\n" for q in questions)
    out = subprocess.run([bench, "bench-query", f"{work}/own", f"{work}/own.jsonl", *options], check=True, capture_output=True, text=True)
    times = {}
    for m in map(json.loads, out.stdout.splitlines()):
        if m["ev"] == "open":
            print(f"open {' '.join(options[:1]) or 'alone'}: {m['s'] * 1e3:.1f} ms")
        if m["ev"] == "ans":
            times.setdefault(m["op"], []).append(m)
    return times

def first(questions, n):
    """Each of the questions n times, all of them before the first comes again."""
    return [q for _ in range(n) for q in questions]

plain, over = ask(small + whole + then), ask(small, "--over", f"{work}/over.csv")
again = ask(first(small, 6))
mid = lambda l, k: statistics.median(m[k] for m in l)
print("\n| us | wall | p95 | cpu | again: wall | cpu | edges over it: cpu | ratio |\n|---|--:|--:|--:|--:|--:|--:|--:|")
for op, l in plain.items():
    p95 = sorted(m["us"] for m in l)[min(len(l) - 1, int(.95 * len(l)))]
    line = f"| {op} | {mid(l, 'us'):.1f} | {p95:.1f} | {mid(l, 'cpu'):.1f} |"
    if op in again:
        # The answers come in the order of the questions; the last two were the warm-up.
        n = sum(q["op"] == op for q in small)
        best = lambda k: statistics.median(min(m[k] for m in again[op][i::n]) for i in range(n))
        line += f" {best('us'):.1f} | {best('cpu'):.1f} | {mid(over[op], 'cpu'):.1f} | {mid(over[op], 'cpu') / mid(l, 'cpu'):.2f} |"
    print(line)

node = next(q for q in asked if q["op"] == "nbr")["args"][0]
walls = []
for _ in range(21):
    start = time.perf_counter()
    subprocess.run([program, "--store", f"{work}/own", "neighbours", f"table:KV{node}"], check=True, stdout=subprocess.DEVNULL)
    walls.append((time.perf_counter() - start) * 1e3)
print(f"\nwhole process of `neighbours`: median {statistics.median(walls):.1f} ms, least {min(walls):.1f} ms")
PYTHON
