import { deflateRawSync } from 'node:zlib';
import { holds, run, same, Visit } from './help.mjs';

const NO_DAY = '#entity=crown&view=tree&regime=ofac';

/** What the command line says, to compare with what the page shows. */
function verdicts(server, regime, day) {
  const out = run(server.program, ['--from', new URL('../../data/holding.json', import.meta.url).pathname, 'verdict', '--all', '--regime', regime, '--as-of', day, '--json']);
  return new Map(JSON.parse(out.out).verdicts.map((x) => [x.name, x]));
}
const WORDS = { listed: 'listed', blocked: 'blocked', indeterminate: 'cannot tell', not_blocked: 'not blocked on the record' };

async function compare(v, server, day) {
  const want = verdicts(server, 'ofac', day);
  const rows = await v.rows('parties');
  for (const r of rows) {
    const x = want.get(r[0]);
    holds(x, `${r[0]} is not in the store`);
    const cell = r.at(-1);
    holds(cell.includes(WORDS[x.verdict]), `${r[0]} on ${day}: ${cell} instead of ${x.verdict}`);
    if (x.verdict !== 'listed' && x.share.min === x.share.max) holds(cell.endsWith(`${x.share.min} %`), `${r[0]}: ${cell} instead of ${x.share.min}`);
  }
  return rows;
}

export const holding = {
  'the tree has the right shares and verdicts': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at(`${NO_DAY}&as_of=2024-05-02`);
    await v.both();
    const rows = await compare(v, server, '2024-05-02');
    holds(rows.length >= 14, `only ${rows.length} parties in the tree`);
    const relations = new Map((await v.rows('relations')).map((r) => [`${r[0]} ${r[1]} ${r[2]}`, r[3]]));
    same(relations.get('Ottokar Vargalund owns Crownfell Holding AG'), '60 %', 'share');
    same(relations.get('Crownfell Holding AG owns Southlantern Invest S.A.'), '50 to <75 %', 'range');
    same(relations.get('Crownfell Holding AG owns Auriga Ring Three Ltd'), 'unknown', 'unknown share');
    same(rows.find((r) => r[0] === 'Karrow Steel Works').at(-1).endsWith('50.5 %'), true, '20.5 + 30');
    holds(await v.drawn() > 200, 'the picture is empty');
    await v.end();
  },
  'another day, another tree': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at(`${NO_DAY}&as_of=2024-05-02`);
    await v.both();
    const listedLater = (await v.rows('parties')).find((r) => r[0] === 'Ottokar Vargalund').at(-1);
    holds(listedLater.includes('listed'), 'listed in 2024');
    await v.page.fill('#as-of', '2020-06-01');
    await v.calm();
    const rows = await compare(v, server, '2020-06-01');
    const varga = rows.find((r) => r[0] === 'Ottokar Vargalund').at(-1);
    holds(!varga.includes('listed'), `not listed in 2020, but: ${varga}`);
    await v.button('To the change after').click();
    await v.calm();
    holds((await v.page.inputValue('#as-of')) > '2020-06-01', 'the day has moved on');
    await v.button('Undo').click(); await v.calm();
    same(await v.page.inputValue('#as-of'), '2020-06-01', 'undo takes the day back');
    await v.page.locator('.slider').focus();
    await v.press('ArrowRight');
    await v.page.waitForTimeout(600); await v.calm();
    same(await v.page.inputValue('#as-of'), '2020-06-02', 'the slider goes by days');
    await v.end();
  },
  'the proof is a highlighted subgraph with its sum': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=karrow&view=tree&regime=ofac&as_of=2024-05-02');
    const before = await v.page.locator('.canvas').screenshot();
    await v.button('Proof under ofac').click();
    await v.calm();
    const text = await v.page.locator('.proof').textContent();
    holds(/20\.5 \+ 30 = 50\.5|30 \+ 20\.5 = 50\.5/.test(text), `no sum: ${text}`);
    holds(text.includes('the line is 50 % or more'), 'no line');
    const after = await v.page.locator('.canvas').screenshot();
    holds(!before.equals(after), 'nothing is highlighted');
    same(await v.button('Proof under ofac').getAttribute('aria-pressed'), 'true', 'pressed');
    const arithmetic = await v.page.locator('.arithmetic').textContent();
    holds(arithmetic.includes('50.5'), `no arithmetic: ${arithmetic}`);
    await v.end();
  },
  'regimes side by side': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at(`${NO_DAY}&as_of=2022-01-01`);
    await v.page.locator('.filters').getByLabel(/^\s*EU\b/).check();
    await v.calm();
    same(await v.page.locator('.pane').count(), 2, 'two panes');
    holds((await v.page.locator('.pane-title').allTextContents()).some((t) => /European Union/.test(t)), 'the other rule is named');
    await v.both();
    const crown = (await v.rows('parties')).find((r) => r[0] === 'Crownfell Holding AG');
    holds(crown.at(-2).includes('blocked') && crown.at(-1).includes('presumed frozen'), `verdicts: ${crown}`);
    await v.end();
  },
  'what if: delist, another share, one more stake, gone': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at(`${NO_DAY}&as_of=2024-05-02`);
    await v.both();
    await v.page.getByRole('button', { name: 'Ottokar Vargalund' }).first().click();
    await v.page.getByRole('tab', { name: /What if/ }).click();
    await v.button('Suppose on no list').click();
    await v.calm();
    let out = await v.page.locator('.outcome').textContent();
    holds(/outcomes? on 2024-05-02/.test(out) && out.includes('Crownfell Holding AG'), `nothing flips: ${out}`);
    await v.button('Remove this supposition').click();
    await v.page.getByRole('row', { name: /Ottokar Vargalund owns Crownfell/ }).getByRole('button').click();
    await v.page.getByRole('tab', { name: 'Details' }).click();
    await v.button('What if another share').click();
    await v.page.getByLabel('Supposed share in percent').fill('49');
    await v.press('Enter');
    await v.calm();
    out = await v.page.locator('.outcome').textContent();
    holds(out.includes('Crownfell Holding AG') && out.includes('49 %'), `49 flips nothing: ${out}`);
    await v.button('Undo').click(); await v.calm();
    holds(!(await v.page.locator('.outcome').textContent()).includes('49 %'), 'undo takes the share back');
    same(await v.page.getByLabel('Supposed share in percent').inputValue(), '60', 'and in the field');
    await v.page.getByLabel('Supposed share in percent').fill('many');
    await v.page.getByText('A share is a number like').waitFor();
    await v.page.getByLabel('Supposed share in percent').fill('60');
    await v.button('Suppose nothing').click();
    await v.page.getByRole('tab', { name: 'Details' }).click();
    await v.button('What if it were gone').click();
    await v.calm();
    holds((await v.page.locator('.outcome').textContent()).includes('Crownfell Holding AG'), 'its end flips nothing');
    await v.end();
  },
  'a link restores everything': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('crownfell', 'Crownfell Holding AG');
    await v.button('Show owns, outgoing').click(); await v.calm();
    await v.button('Show owns, incoming').click(); await v.calm();
    await v.page.fill('#as-of', '2023-03-03'); await v.calm();
    await v.page.locator('.filters').getByLabel(/^\s*EU\b/).check(); await v.calm();
    await v.both();
    await v.page.getByRole('button', { name: 'Mirel Vargalund' }).first().click(); await v.calm();
    await v.page.waitForTimeout(500);
    const url = v.page.url();
    holds(url.includes('#1.'), 'the address has no state');
    const seen = [await v.names(), await v.rows('relations'), await v.page.locator('#party-name').textContent(), await v.page.inputValue('#as-of')];
    const other = await Visit.begin(browser, server);
    await other.at(url.slice(url.indexOf('#')));
    same([await other.names(), await other.rows('relations'), await other.page.locator('#party-name').textContent(), await other.page.inputValue('#as-of')], seen, 'restored');
    await other.page.waitForTimeout(500);
    same(other.page.url(), url, 'the same link again');
    await other.end();
    await v.end();
  },
  'a year that is typed is one step, and nothing is asked on the way': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('crownfell', 'Crownfell Holding AG');
    const asked = [];
    v.page.on('request', (r) => { const day = new URL(r.url()).searchParams.get('as_of'); if (day) asked.push(day); });
    const format = await v.page.evaluate(() => new Intl.DateTimeFormat(navigator.language).formatToParts(new Date(2001, 1, 3)).map((p) => p.type[0]).filter((t) => 'dmy'.includes(t)).join(''));
    await v.page.focus('#as-of');
    await v.page.keyboard.type({ mdy: '05022024', dmy: '02052024', ymd: '20240502' }[format], { delay: 60 });
    await v.press('Enter');
    await v.calm();
    same(await v.page.inputValue('#as-of'), '2024-05-02', 'the day');
    same([...new Set(asked)], ['2024-05-02'], 'days asked about');
    await v.button('Undo').click(); await v.calm();
    same(await v.page.inputValue('#as-of'), '', 'one step back');
    await v.page.locator('#party-name').waitFor();
    await v.page.fill('#as-of', '2023-03-03'); await v.calm();
    same(asked.includes('2023-03-03'), true, 'asked without Enter when the reader stops');
    await v.end();
  },
  'links that are damaged or malformed do no harm': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#1.nothing-of-this-is-a-link');
    await v.message('The link cannot be read: it is damaged. This is the beginning');
    await v.page.locator('.figures').waitFor();
    const link = (state) => `#1.${deflateRawSync(JSON.stringify(state)).toString('base64url')}`;
    for (const selected of [{ kind: 'node' }, { kind: 'edge', id: 7 }, { kind: 'bundle' }, 'crown']) {
      await v.at(link({ roots: ['crown', null, 5], selected, suppose: [{ kind: 'set' }, null], expansions: [{ id: 'crown', limit: 5 }], ways: [{ ids: 'crown' }], light: { kind: 'proof' } }));
      await v.both();
      same(await v.names(), ['Crownfell Holding AG'], `selected: ${JSON.stringify(selected)}`);
    }
    // In a page at work: what was shown stays, with its history.
    await v.at(''); await v.open('crownfell', 'Crownfell Holding AG');
    await v.page.waitForTimeout(400);
    const before = v.page.url();
    await v.page.evaluate(() => { location.hash = '#1.damaged'; });
    await v.message('What was shown stays');
    same((await v.page.locator('#party-name').textContent()).trim(), 'Crownfell Holding AG', 'still there');
    await v.page.waitForTimeout(400);
    same(v.page.url(), before, 'the address is that of what is shown');
    await v.page.evaluate(() => { location.hash = '#entity=karrow'; });
    await v.page.locator('#party-name').getByText('Karrow Steel Works').waitFor();
    await v.button('Undo').click(); await v.calm();
    same((await v.page.locator('#party-name').textContent()).trim(), 'Crownfell Holding AG', 'undo leads back');
    await v.end();
  },
  'Enter before the answer takes the best hit of what was typed': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    // The options of the releases are no hits.
    const hits = v.page.locator('.top .results [role="option"]:visible');
    const first = await v.search('karrow', 'Karrow Steel Works');
    await first.waitFor();
    const go = await v.hold('**/v1/search?q=crownf**');
    await v.page.fill('#search', 'crownf');
    await v.press('Enter');
    await v.page.waitForTimeout(300);
    same(await v.page.locator('#party-name').count(), 0, 'nothing is taken from the hits before');
    await go(); await v.calm();
    same((await v.page.locator('#party-name').textContent()).trim(), 'Crownfell Holding AG', 'the best hit');
    same(await v.page.inputValue('#search'), '', 'the box is empty again');
    await v.page.fill('#search', 'karrow');
    await hits.first().waitFor();
    await v.page.locator('.top .results .hint').click();
    same(await hits.count().then((n) => n > 0), true, 'a click beside the hits leaves them open');
    await v.page.focus('#as-of');
    same(await hits.count(), 0, 'leaving the box shuts them');
    await v.page.focus('#search'); await v.page.waitForTimeout(300);
    same(await hits.count().then((n) => n > 0), true, 'and they stay open when one comes back at once');
    await v.end();
  },
  'keys do what buttons do, and say why they do not': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.press('x'); await v.message('Nothing is shown yet that could be exported');
    await v.press('t'); await v.message('There is no party to show the ownership tree of');
    await v.press('u'); await v.message('Nothing to undo');
    await v.at('#entity=crown&view=tree');
    await v.press('h'); await v.message('The places of an ownership tree are its own');
    await v.press('c'); await v.message('Nothing of the party is expanded');
    await v.press('n'); await v.calm(); await v.both();
    same(await v.names(), ['Crownfell Holding AG'], 'n shows a network that begins with the party of the tree');
    await v.page.evaluate(() => { document.activeElement?.blur(); });
    await v.page.getByRole('row', { name: /Crownfell/ }).first().waitFor();
    await v.button('Ownership tree', v.page.locator('.tools')).click(); await v.calm();
    await v.button('Undo').click(); await v.calm();
    await v.page.evaluate(() => { document.activeElement?.blur(); });
    const before = v.page.url();
    await v.press('n'); await v.page.waitForTimeout(400);
    same(v.page.url(), before, 'what is so already is no step');
    await v.press('t'); await v.calm();
    same(await v.button('Ownership tree', v.page.locator('.tools')).getAttribute('aria-pressed'), 'true', 't as the button');
    await v.end();
  },
  'notes of two tabs are one': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=crown');
    const tab = await v.context.newPage();
    await tab.goto(`${server.origin}/#entity=crown`);
    for (const [page, text] of [[v.page, 'from the first'], [tab, 'from the second'], [v.page, 'again from the first']]) {
      await page.getByRole('tab', { name: 'Notes' }).click();
      await page.fill('#note-text', text);
      await page.getByRole('button', { name: 'Keep in this browser' }).click();
      await page.locator('.note-list').getByText(text, { exact: true }).waitFor();
    }
    for (const page of [v.page, tab]) {
      await page.waitForFunction(() => document.querySelectorAll('.note-list li').length === 3);
    }
    await tab.getByRole('button', { name: 'Delete this note' }).first().click();
    await v.page.waitForFunction(() => document.querySelectorAll('.note-list li').length === 2);
    await v.page.reload();
    await v.page.getByRole('tab', { name: 'Notes' }).click();
    same(await v.page.locator('.note-list p').allTextContents(), ['from the second', 'again from the first'], 'after all');
    await v.end();
  },
  'notes of one\'s own stay, and go only when asked': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('crownfell', 'Crownfell Holding AG');
    await v.page.getByRole('tab', { name: 'Notes' }).click();
    await v.page.fill('#note-text', 'Ask the <registry> again');
    await v.button('Keep in this browser').click();
    await v.page.reload();
    await v.page.getByRole('tab', { name: 'Notes' }).click();
    await v.page.locator('.note-list').getByText('Ask the <registry> again').waitFor();
    holds(!v.page.url().includes('registry'), 'notes are not in links');
    await v.button('Delete this note').click();
    same(await v.page.locator('.note-list li').count(), 0, 'deleted');
    await v.end();
  },
  'by mouse: select, move, undo; layers; pin': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('crownfell', 'Crownfell Holding AG');
    const box = await v.page.locator('.canvas').boundingBox();
    // A party alone stands in the middle.
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await v.page.mouse.click(box.x + 40, box.y + 40);
    await v.page.getByText('Nothing is selected').waitFor();
    await v.page.mouse.click(x, y);
    await v.page.locator('#party-name').waitFor();
    const before = await v.page.locator('.canvas').screenshot();
    await v.page.mouse.move(x, y); await v.page.mouse.down(); await v.page.mouse.move(x + 120, y + 60, { steps: 6 }); await v.page.mouse.up();
    await v.calm();
    same(await v.button('Pin').getAttribute('aria-pressed'), 'true', 'what is moved is pinned');
    await v.button('Undo').click(); await v.calm();
    same(await v.button('Pin').getAttribute('aria-pressed'), 'false', 'undo takes the move back');
    await v.page.mouse.move(box.x + 5, box.y + 5);
    await v.button('Two steps around').click(); await v.calm();
    const spread = await v.page.locator('.canvas').screenshot();
    holds(!before.equals(spread), 'more is drawn');
    await v.button('Layers').click(); await v.calm();
    const layers = await v.page.locator('.canvas').screenshot();
    holds(!layers.equals(spread), 'layers are another arrangement');
    await v.button('Undo').click(); await v.calm();
    await v.button('Undo').click(); await v.calm();
    await v.both();
    same(await v.names(), ['Crownfell Holding AG'], 'alone again');
    await v.end();
  },
  'hub-like relations among those shown, on demand': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=karrow&entity=varga');
    await v.button('All among them').click(); await v.calm();
    await v.both();
    holds((await v.rows('relations')).some((r) => r[0] === 'Ottokar Vargalund' && r[2] === 'Karrow Steel Works'), 'their relation is there');
    await v.end();
  },
  'what connects three parties': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=crown&entity=varga&entity=villa&connect=');
    await v.page.getByRole('tab', { name: 'Connections' }).click();
    await v.page.locator('.found-way').getByText('Connected', { exact: true }).waitFor();
    await v.both();
    holds((await v.names()).includes('Willowmere Trust'), 'the trust lies between');
    await v.end();
  },
  'the server goes and comes back': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('crownfell', 'Crownfell Holding AG');
    v.expected.push(/ERR_FAILED|Failed to load resource/);
    await v.page.route('**/v1/**', (r) => r.abort());
    await v.button('Show owns, outgoing').click();
    await v.page.getByText('The server does not answer.').first().waitFor();
    await v.page.unroute('**/v1/**');
    await v.button('Try again').first().click();
    await v.calm();
    await v.both();
    holds((await v.names()).length > 2, 'it goes on where it was');
    await v.end();
  },
  'a budget that ran out is said, with what to do': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    v.expected.push(/Failed to load resource/);
    v.refused = true;
    await v.page.route('**/v1/tree**', (r) => r.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ error: 'the budget ran out', hint: 'ask for less: fewer hops' }) }));
    await v.at(NO_DAY);
    await v.page.getByText('the budget ran out').first().waitFor();
    await v.page.getByText('ask for less: fewer hops').first().waitFor();
    await v.page.unroute('**/v1/tree**');
    await v.button('Try again').click(); await v.calm();
    await v.both();
    holds((await v.names()).length > 10, 'asked again');
    await v.end();
  },
  'without the token the page says what to do': async (browser, server) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const reply = await page.goto(server.origin);
    same(reply.status(), 401, 'status');
    const text = await page.locator('body').textContent();
    for (const part of ['the token is missing', 'open the address that']) holds(text.includes(part), `${part} is not said: ${text}`);
    await context.close();
  },
};
