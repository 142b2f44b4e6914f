import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import Graph from 'graphology';
import gexf from 'graphology-gexf';
import graphml from 'graphology-graphml';
import { holds, run, same, Visit } from './help.mjs';

async function save(v, name) {
  const waiting = v.page.waitForEvent('download', { timeout: 30_000 });
  await v.page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  const download = await waiting;
  const file = path.join(v.server.work, `${Date.now()}-${download.suggestedFilename()}`);
  await download.saveAs(file);
  return file;
}

async function opened(browser, server) {
  const v = await Visit.begin(browser, server);
  await v.open('crownfell', 'Crownfell Holding AG');
  await v.button('Show owns, outgoing').click(); await v.calm();
  await v.button('Show owns, incoming').click(); await v.calm();
  await v.both();
  const want = { names: (await v.names()).sort(), edges: (await v.rows('relations')).length };
  holds(want.names.length === 8 && want.edges >= 7, `the view is another: ${JSON.stringify(want)}`);
  await v.button('Export').click();
  await v.page.getByRole('dialog').getByText(/as shown/).waitFor();
  return { v, want };
}

export const exports = {
  'no file is made while an answer is on its way': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('crownfell', 'Crownfell Holding AG');
    const go = await v.hold('**/v1/**as_of=2021-02-03**');
    await v.page.fill('#as-of', '2021-02-03');
    await v.page.getByText('Asking …').first().waitFor();
    await v.button('Export').click();
    const button = v.page.getByRole('dialog').getByRole('button', { name: 'Network document', exact: true });
    await v.page.getByRole('dialog').getByText(/as soon as all of what is asked for is shown/).waitFor();
    same(await button.getAttribute('aria-disabled'), 'true', 'the button');
    let saved = 0;
    v.page.on('download', () => { saved += 1; });
    await button.click({ force: true });
    await v.page.waitForTimeout(500);
    same(saved, 0, 'files');
    await go(); await v.calm();
    const doc = JSON.parse(readFileSync(await save(v, 'Network document'), 'utf8'));
    const stated = JSON.parse(run(server.program, ['--from', server.file, 'show', 'crown', '--json']).out).answer.store;
    same([doc.answer.as_of, doc.answer.store], ['2021-02-03', stated], 'day and store in the file');
    same(doc.answer.result.verdicts.length, doc.nodes.length, 'verdicts in the file');
    await v.end();
  },
  'what the program notes about a file is shown': async (browser, server) => {
    const { v } = await opened(browser, server);
    await v.page.route('**/v1/export?format=gexf', async (route) => {
      const reply = await route.fetch();
      await route.fulfill({ response: reply, headers: { ...reply.headers(), 'x-cuibono-notes': '2 dates are left out; J%C3%BCrgen is shortened' } });
    });
    await save(v, 'GEXF');
    same(await v.page.locator('.saved li').allTextContents(), ['2 dates are left out', 'Jürgen is shortened'], 'notes');
    await v.page.unroute('**/v1/export?format=gexf');
    await save(v, 'SVG');
    await v.page.getByText('SVG is saved.').waitFor();
    await v.end();
  },
  'a network document that the program reads again': async (browser, server) => {
    const { v, want } = await opened(browser, server);
    const file = await save(v, 'Network document');
    const doc = JSON.parse(readFileSync(file, 'utf8'));
    same(doc.nodes.map((n) => (n.name.value ?? n.name)).sort(), want.names, 'names');
    same(doc.edges.length, want.edges, 'edges');
    const store = path.join(server.work, 'again.store');
    const done = run(server.program, ['--store', store, 'import', file]);
    same(done.code, 0, `imported again: ${done.err}`);
    const stats = run(server.program, ['--store', store, 'stats']).out;
    holds(stats.includes(`nodes\t\t${want.names.length}`) && stats.includes(`edges\t\t${want.edges}`), `other counts: ${stats}`);
    const verdict = JSON.parse(run(server.program, ['--store', store, 'verdict', 'holding:crown', '--regime', 'ofac', '--as-of', '2024-05-02', '--json']).out);
    same(verdict.verdicts[0].verdict, 'blocked', 'the same verdict from the file');
    await v.end();
  },
  'GEXF and GraphML, read by the reader of Gephi Lite': async (browser, server) => {
    const { v, want } = await opened(browser, server);
    const a = gexf.parse(Graph, readFileSync(await save(v, 'GEXF'), 'utf8'));
    same([a.order, a.size], [want.names.length, want.edges], 'GEXF');
    same(a.mapNodes((_, d) => d.label).sort(), want.names, 'labels');
    holds(a.everyNode((_, d) => Number.isFinite(d.x) && Number.isFinite(d.y)), 'positions');
    const b = graphml.parse(Graph, readFileSync(await save(v, 'GraphML'), 'utf8'));
    same([b.order, b.size], [want.names.length, want.edges], 'GraphML');
    await v.end();
  },
  'SVG and PNG': async (browser, server) => {
    const { v, want } = await opened(browser, server);
    const svg = readFileSync(await save(v, 'SVG'), 'utf8');
    holds(svg.includes('<svg') && !/<script|\son\w+=/i.test(svg), 'SVG without scripts');
    for (const n of want.names) holds(svg.replace(/<[^>]+>/g, ' ').replace(/&apos;|&#39;/g, "'").includes(n.split(' ')[0]), `${n} is not in the SVG`);
    const png = await save(v, 'PNG');
    same(readFileSync(png).subarray(1, 4).toString(), 'PNG', 'PNG');
    holds(statSync(png).size > 5000, 'the PNG is empty');
    await v.end();
  },
  'one HTML file that opens anywhere and asks for nothing': async (browser, server) => {
    const { v, want } = await opened(browser, server);
    const file = await save(v, 'One HTML file');
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked = [], wrong = [];
    page.on('request', (r) => { if (!r.url().startsWith('file:') && !r.url().startsWith('data:')) asked.push(r.url()); });
    page.on('console', (m) => { if (m.type() === 'error') wrong.push(m.text()); });
    page.on('pageerror', (e) => { wrong.push(e.message); });
    await page.goto(`file://${file}`);
    const text = await page.locator('body').textContent();
    for (const n of want.names) holds(text.includes(n), `${n} is not in the file`);
    same([asked, wrong], [[], []], 'requests and errors');
    await context.close();
    await v.end();
  },
  'notes leave only when asked': async (browser, server) => {
    const { v } = await opened(browser, server);
    await v.press('Escape');
    await v.page.getByRole('tab', { name: 'Notes' }).click();
    await v.page.getByRole('button', { name: 'Crownfell Holding AG' }).first().click();
    await v.page.getByRole('tab', { name: 'Notes' }).click();
    await v.page.fill('#note-text', 'my own suspicion');
    await v.button('Keep in this browser').click();
    await v.button('Export').click();
    holds(!readFileSync(await save(v, 'Network document'), 'utf8').includes('my own suspicion'), 'the note left unasked');
    await v.page.getByLabel(/With notes of your own/).check();
    holds(readFileSync(await save(v, 'Network document'), 'utf8').includes('my own suspicion'), 'the note is missing');
    await v.end();
  },
  'the tree is exported as it is drawn': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=crown&view=tree&as_of=2024-05-02');
    await v.button('Export').click();
    const svg = readFileSync(await save(v, 'SVG'), 'utf8');
    for (const part of ['Crownfell', 'Karrow', '20.5']) holds(svg.includes(part), `${part} is not in the SVG`);
    await v.end();
  },
};
