// End-to-end tests of the explorer in a real browser.
//   node e2e/run.mjs --program PATH [--data DIR] [--screenshots DIR] [--only TEXT] [--page DIR] [--large STORE]
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, pageFrom, run, serve } from './help.mjs';
import { access } from './access.mjs';
import { edit } from './edit.mjs';
import { exports } from './exports.mjs';
import { holding } from './holding.mjs';
import { hub, hubDocument } from './hub.mjs';
import { large } from './large.mjs';
import { list } from './list.mjs';
import { seed } from './seed.mjs';
import { strange } from './strange.mjs';
import { tour } from './tour.mjs';

const option = (name) => { const i = process.argv.indexOf(`--${name}`); return i > 0 ? process.argv[i + 1] : undefined; };
const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const program = path.resolve(option('program') ?? path.join(root, 'target/release/cuibono'));
const data = option('data') ?? process.env.CUIBONO_TEST_DATA;
const only = option('only');
const shots = option('screenshots');
const work = mkdtempSync(path.join(tmpdir(), 'explorer-e2e-'));

if (option('page')) pageFrom(path.resolve(option('page')));

const servers = [];
const start = async (args, more) => { const s = await serve(program, args, more); s.program = program; s.work = work; servers.push(s); return s; };
const from = (...files) => ['--from', ...files];

let passed = 0;
const failed = [], skipped = [];
async function suite(name, make, tests) {
  const chosen = Object.entries(tests).filter(([t]) => !only || `${name}: ${t}`.includes(only));
  if (chosen.length === 0) return;
  let server = null, browser = null;
  try {
    server = await make();
    browser = await launch();
    for (const [title, test] of chosen) {
      const begun = performance.now();
      try {
        await test(browser, server);
        passed += 1;
        console.log(`ok      ${name}: ${title} (${Math.round(performance.now() - begun)} ms)`);
      } catch (e) {
        failed.push(`${name}: ${title}`);
        console.log(`FAILED  ${name}: ${title}\n        ${String(e.stack ?? e).split('\n').slice(0, 12).join('\n        ')}`);
      }
    }
  } catch (e) {
    failed.push(name);
    console.log(`FAILED  ${name} did not begin: ${e.message}`);
  } finally { await browser?.close(); server?.stop(); }
}

try {
  await suite('seed network', () => start(from(path.join(root, 'data/seed.json'))), seed);
  await suite('holding', () => start(from(path.join(root, 'data/holding.json'))), holding);
  await suite('exports', async () => {
    const file = path.join(root, 'data/holding.json');
    return Object.assign(await start(from(file)), { file });
  }, exports);
  await suite('a store that changes', async () => {
    const store = path.join(work, 'edit.store');
    const done = run(program, ['--store', store, 'import', path.join(root, 'data/holding.json')]);
    if (done.code !== 0) throw new Error(done.err);
    const server = await start(['--store', store], ['--edit']);
    server.store = store;
    return server;
  }, edit);
  await suite('strange names', () => start(from(path.join(here, 'strange.json'))), strange);
  await suite('access', () => start(from(path.join(root, 'data/holding.json'))), access);
  await suite('hub', () => {
    const file = path.join(work, 'hub.json');
    writeFileSync(file, JSON.stringify(hubDocument(25_000)));
    return start(from(file));
  }, hub);
  const sdn = data && ['data/ofac/sdn-2023-08-31.csv.gz', 'ofac/sdn-2023-08-31.csv.gz'].map((f) => path.join(data, f)).find((f) => existsSync(f));
  if (sdn) {
    await suite('SDN list', () => {
      const store = path.join(work, 'sdn.store');
      const done = run(program, ['--store', store, 'import', sdn]);
      if (done.code !== 0) throw new Error(done.err);
      return start(['--store', store]);
    }, list);
  } else skipped.push('SDN list (no sdn-2023-08-31.csv.gz: give --data or CUIBONO_TEST_DATA)');
  if (option('large')) await suite('large store', () => start(['--store', option('large')]), large);
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await suite('tour', () => start(from(path.join(root, 'data/holding.json'))), tour(shots));
  }
} finally {
  for (const s of servers) s.child.kill();
  rmSync(work, { recursive: true, force: true });
}
for (const s of skipped) console.log(`SKIPPED ${s}`);
console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exit(failed.length > 0 || passed === 0 ? 1 : 0);
