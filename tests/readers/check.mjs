// Loads a folder of exports in the JavaScript libraries of Gephi Lite, sigma and Cytoscape and
// compares it with expected.json (see check.py).
//
// usage: node check.mjs FOLDER FOLDER_WITH_NODE_MODULES

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [folder, modules] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), 'from-here.js'));
const Graph = require('graphology');
const gexf = require('graphology-gexf');
const graphml = require('graphology-graphml');
const cytoscape = require('cytoscape');
const version = (name) =>
  JSON.parse(readFileSync(join(resolve(modules), 'node_modules', name, 'package.json'), 'utf8')).version;

const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
const problems = [];
let checks = 0;

function same(where, found, wanted) {
  checks += 1;
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    problems.push(`${where}: found ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`);
  }
}

function credited(reader, text) {
  if (expected.licence !== null) same(`${reader}: names the licence`, text?.includes(expected.licence), true);
}

const xmlText = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
const identity = (text) => text;

function compare(reader, nodes, edges, text = identity) {
  same(`${reader}: number of nodes`, nodes.length, Object.keys(expected.nodes).length);
  same(`${reader}: number of edges`, edges.length, Object.keys(expected.edges).length);
  const wantedNodes = new Map(Object.entries(expected.nodes).map(([id, n]) => [text(id), n]));
  same(`${reader}: ids`, nodes.map(([id]) => id).sort(), [...wantedNodes.keys()].sort());
  for (const [id, a] of nodes) {
    const want = wantedNodes.get(id);
    if (!want) continue;
    same(`${reader}: label of ${id}`, a.label, text(want.label));
    same(`${reader}: kind of ${id}`, a.kind, want.kind);
    same(`${reader}: listed of ${id}`, a.listed, want.listed);
  }
  const wantedEdges = new Map(Object.entries(expected.edges).map(([id, e]) => [text(id), e]));
  same(`${reader}: edge ids`, edges.map(([, , a]) => a.edge_id).sort(), [...wantedEdges.keys()].sort());
  for (const [source, target, a] of edges) {
    const want = wantedEdges.get(a.edge_id);
    if (!want) continue;
    same(`${reader}: source of ${a.edge_id}`, source, text(want.source));
    same(`${reader}: target of ${a.edge_id}`, target, text(want.target));
    same(`${reader}: kind of ${a.edge_id}`, a.kind, want.kind);
    for (const name of ['share', 'share_min', 'share_max', 'start_date', 'end_date', 'status']) {
      same(`${reader}: ${name} of ${a.edge_id}`, a[name] ?? null, want[name]);
    }
    same(`${reader}: directed of ${a.edge_id}`, a.directed, want.kind !== 'family_of');
  }
}

function text(name) {
  const files = readdirSync(join(folder, name));
  same(`${name}: one file`, files.length, 1);
  return readFileSync(join(folder, name, files[0]), 'utf8');
}

function fromGraph(reader, graph, exact, clean) {
  // Without edges some readers leave it open.
  same(`${reader}: type`, graph.type, graph.size || reader === 'graphology JSON' ? 'directed' : graph.type);
  const id = (key) => (exact ? graph.getNodeAttribute(key, exact) : key);
  compare(
    reader,
    graph.mapNodes((key, a) => [id(key), a]),
    graph.mapEdges((key, a, source, target) => [id(source), id(target), a]),
    clean,
  );
  graph.forEachNode((key, a) => {
    same(`${reader}: ${key} has a place`, [Number.isFinite(a.x), Number.isFinite(a.y)], [true, true]);
    same(`${reader}: ${key} leaves the renderer alone`, a.type, undefined);
  });
}

const serialised = Graph.from(JSON.parse(text('graphology')));
fromGraph('graphology JSON', serialised);
same('graphology JSON: parallel edges', serialised.multi, true);
same('graphology JSON: keys', serialised.edges().sort(), Object.keys(expected.edges).sort());
credited('graphology JSON', serialised.getAttribute('attribution'));

fromGraph('graphology-graphml', graphml.parse(Graph, text('graphml')), 'ext_id', xmlText);

// Gephi Lite's reader; viz: shapes and the kind of the element do not replace our attributes.
const lite = gexf.parse(Graph, text('gexf'), { addMissingNodes: false });
fromGraph('graphology-gexf', lite, undefined, xmlText);

const cyjs = JSON.parse(text('cytoscape'));
credited('cytoscape', cyjs.data.attribution);
const cy = cytoscape({ headless: true, elements: cyjs.elements });
compare(
  'cytoscape.js',
  cy.nodes().map((n) => [n.id(), n.data()]),
  cy.edges().map((e) => [e.source().id(), e.target().id(), e.data()]),
);
same('cytoscape.js: ids are unique', new Set(cy.elements().map((e) => e.id())).size, cy.elements().length);
for (const edge of cy.edges()) {
  const id = edge.data('edge_id');
  same(`cytoscape.js: id of ${id}`, edge.id(), id in expected.nodes ? `edge:${id}` : id);
}
same('cytoscape.js: classes', cy.nodes('.listed').length, Object.values(expected.nodes).filter((n) => n.listed).length);

if (problems.length) {
  console.log(`${problems.length} differences\n${problems.slice(0, 60).join('\n')}`);
  process.exit(1);
}
const names = ['graphology', 'graphology-gexf', 'graphology-graphml', 'cytoscape'];
console.log(`node ${process.version}, ${names.map((n) => `${n} ${version(n)}`).join(', ')}`);
console.log(`${checks} comparisons, all readers agree`);
