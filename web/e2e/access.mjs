import { holds, same, Visit } from './help.mjs';

const STATES = [
  ['the beginning', ''], ['a network', '#entity=crown'], ['a tree', '#entity=crown&view=tree&regime=ofac,eu&as_of=2024-05-02'],
];

/** The party that is selected, by the table and the panel. */
const chosen = (v) => v.page.evaluate(() => document.querySelector('#party-name')?.textContent.trim() ?? null);
const said = (v) => v.page.evaluate(() => document.querySelector('[role="status"][aria-live]')?.textContent ?? '');

async function axeEverywhere(v) {
  for (const [name, fragment] of STATES) {
    await v.at(fragment);
    await v.axe(name);
    if (fragment === '') continue;
    await v.both();
    await v.axe(`${name}, with its table`);
    await v.button('Picture').click();
    for (const tab of ['Connections', 'What if', 'Notes']) {
      await v.page.getByRole('tab', { name: tab }).click();
      await v.axe(`${name}: ${tab}`);
    }
    await v.page.getByRole('tab', { name: 'Details' }).click();
  }
  await v.at('#entity=crown');
  await v.page.fill('#search', 'ring');
  await v.page.getByRole('option').first().waitFor();
  await v.axe('search results');
  await v.press('Escape');
  await v.button('Export').click();
  await v.axe('the export dialog');
  await v.press('Escape');
  await v.button('Keys and help').click();
  await v.axe('the help');
  await v.press('Escape');
  await v.button('As a table: owns, outgoing').click();
  await v.page.getByRole('dialog').locator('tbody tr').first().waitFor();
  await v.axe('relations as a table');
  await v.press('Escape');
  await v.button('Proof under ofac').click();
  await v.calm();
  for (const d of await v.page.locator('#details summary').all()) await d.click();
  await v.axe('a proof and opened citations');
}

export const access = {
  'axe finds nothing, light': async (browser, server) => {
    const v = await Visit.begin(browser, server, { colorScheme: 'light' });
    await axeEverywhere(v);
    await v.end();
  },
  'axe finds nothing, dark, with reduced motion': async (browser, server) => {
    const v = await Visit.begin(browser, server, { colorScheme: 'dark', reducedMotion: 'reduce' });
    await axeEverywhere(v);
    same(await v.page.evaluate(() => getComputedStyle(document.querySelector('.button')).transitionDuration), '0s', 'no transitions');
    await v.end();
  },
  'everything by keyboard': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.press('/');
    await v.page.keyboard.type('crownf');
    await v.page.getByRole('option').first().waitFor();
    await v.page.waitForTimeout(300);
    await v.press('Enter'); await v.calm();
    same(await chosen(v), 'Crownfell Holding AG', 'chosen by Enter');
    // e leads to what can be expanded; the first button there is pressed.
    await v.press('Escape');
    await v.page.evaluate(() => document.activeElement?.blur?.());
    await v.press('e'); await v.page.waitForTimeout(200);
    holds(await v.page.evaluate(() => document.activeElement?.closest('.counts') !== null), 'e leads to the counts');
    await v.press('Enter'); await v.calm();
    await v.press('Escape'); await v.page.waitForTimeout(200);
    holds(await v.page.evaluate(() => document.activeElement?.classList.contains('canvas')), 'Escape leads to the picture');
    const before = await chosen(v);
    let moved = null;
    for (const k of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
      await v.press(k); await v.page.waitForTimeout(250);
      const now = await chosen(v);
      if (now !== before) { moved = now; break; }
    }
    holds(moved, 'arrow keys do not move');
    await v.calm();
    await v.press('Enter'); await v.page.waitForTimeout(250);
    same(await v.page.evaluate(() => document.activeElement?.id), 'party-name', 'Enter opens the details');
    await v.press('p'); holds(/[Pp]inned/.test(await said(v)), `pin is said: ${await said(v)}`);
    await v.press('h'); await v.calm();
    holds(/hidden/.test(await said(v)), `hiding is said: ${await said(v)}`);
    await v.press('u'); await v.calm();
    await v.press('u'); await v.calm();
    await v.press('r'); await v.calm();
    await v.press('Escape'); await v.press('ArrowDown'); await v.page.waitForTimeout(200);
    await v.press('t'); await v.calm();
    same(await v.button('Ownership tree', v.page.locator('.tools')).getAttribute('aria-pressed'), 'true', 't shows the tree');
    await v.press('v'); await v.calm();
    holds((await v.rows('parties')).length > 1, 'v shows the table');
    await v.press('w'); await v.page.waitForTimeout(200);
    same(await v.page.getByRole('tab', { name: 'What if' }).getAttribute('aria-selected'), 'true', 'w');
    await v.press('?');
    await v.page.getByRole('dialog').waitFor();
    await v.press('Escape');
    same(await v.page.getByRole('dialog').count(), 0, 'Escape closes');
    await v.press('n'); await v.calm();
    await v.press('x');
    await v.page.getByRole('dialog').getByRole('button', { name: 'GEXF', exact: true }).waitFor();
    await v.press('Escape');
    await v.end();
  },
  'the focus is seen and never trapped': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=crown');
    const seen = new Set();
    for (let i = 0; i < 90; i += 1) {
      await v.press('Tab');
      const at = await v.page.evaluate(() => {
        const el = document.activeElement;
        if (!el || el === document.body) return null;
        const s = getComputedStyle(el);
        const r = el.getBoundingClientRect();
        return { name: `${el.tagName} ${el.id} ${el.getAttribute('aria-label') ?? el.textContent.slice(0, 30)}`, outline: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, inside: r.bottom > 0 && r.top < innerHeight };
      });
      if (!at) continue;
      holds(at.outline, `no focus to be seen on ${at.name}`);
      holds(at.inside, `the focus is out of sight: ${at.name}`);
      seen.add(at.name);
    }
    holds(seen.size > 30, `only ${seen.size} places`);
    await v.end();
  },
  'the focus stays near when what had it goes': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=crown');
    const goes = async (what, want) => { await v.calm(); const at = await v.focused(); holds(want.test(at), `after ${what} the focus is ${at}`); };
    await v.button('Show owns, outgoing').press('Enter'); await goes('Show', /owns, outgoing/);
    await v.button('Hide owns, outgoing').press('Enter'); await goes('Hide', /owns, outgoing/);
    await v.button('Undo').press('Enter'); await v.button('Undo').press('Enter'); await v.button('Undo').press('Enter');
    await goes('the last undo', /button Undo/);
    await v.button('Hide', v.page.locator('#details')).press('Enter'); await goes('hiding a party', /details/);
    await v.button('Undo').press('Enter'); await v.calm();
    await v.page.getByRole('tab', { name: /What if/ }).click();
    await v.button('Suppose on no list').press('Enter'); await v.calm();
    await v.button('Remove this supposition').press('Enter'); await goes('the last supposition', /button|summary|h2/);
    holds(await v.page.evaluate(() => document.querySelector('.what-if').contains(document.activeElement)), 'the focus left the panel');
    await v.page.locator('.canvas').focus();
    await v.press('v'); await goes('the picture', /Table of parties|div/);
    holds(await v.page.evaluate(() => document.querySelector('#stage').contains(document.activeElement)), 'the focus left the stage');
    await v.button('Export').press('Enter'); await v.page.getByRole('dialog').waitFor(); await v.press('Escape');
    await goes('a dialog', /button Export/);
    await v.page.evaluate(() => { document.activeElement.blur(); });
    await v.press('?'); await v.page.getByRole('dialog').waitFor(); await v.press('Escape');
    await v.calm();
    holds(await v.focused() !== 'input search', 'keys still work after a dialog that a key opened');
    await v.end();
  },
  'the page behind a dialog is out of reach, and the dialog has a voice': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=crown');
    await v.press('?'); await v.page.getByRole('dialog').waitFor();
    for (let i = 0; i < 12; i += 1) {
      await v.press('Tab');
      holds(await v.page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null), `behind the dialog: ${await v.focused()}`);
    }
    const behind = await v.page.evaluate(() => { const r = document.querySelector('#search').getBoundingClientRect(); return document.elementFromPoint(r.x + 5, r.y + 5)?.closest('dialog') !== null; });
    same(behind, true, 'what a click meets');
    await v.press('t', 'u');
    same(await v.messages(), [], 'keys do nothing behind a dialog');
    await v.press('Escape');
    await v.button('As a table: owns, outgoing').click();
    await v.page.getByRole('dialog').getByRole('button', { name: /^Add/ }).first().click();
    same(await v.page.getByRole('dialog').locator('[role="status"][aria-live] > p').first().textContent(), 'Added to the picture', 'said inside of the dialog');
    await v.press('Escape');
    await v.end();
  },
  'what is said is not swallowed by what is said next': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=crown');
    await v.page.evaluate(() => {
      window.heard = [];
      new MutationObserver((list) => { for (const m of list) for (const n of m.addedNodes) window.heard.push(n.textContent); }).observe(document.querySelector('[role="status"][aria-live]'), { childList: true });
    });
    same(await v.page.locator('[role="status"][aria-live]').first().getAttribute('aria-atomic'), 'false', 'additions are read, not the whole');
    await v.page.evaluate(() => { document.activeElement?.blur(); });
    await v.press('p', 'p', 'u', 'r');
    const heard = await v.page.evaluate(() => window.heard);
    for (const part of ['Crownfell Holding AG pinned', 'Crownfell Holding AG unpinned', 'Undone', 'Done again']) holds(heard.includes(part), `${part} was not heard: ${heard}`);
    holds((await said(v)).includes('unpinned'), 'the words before are still there');
    await v.end();
  },
  'single keys can be switched off, and stay off': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=crown');
    const tree = () => v.button('Ownership tree', v.page.locator('.tools'));
    same(await tree().getAttribute('aria-keyshortcuts'), 't', 'the key is said');
    await v.press('?');
    await v.page.getByLabel('Single letters and signs are keys').uncheck();
    await v.press('Escape');
    await v.page.reload(); await v.page.locator('#party-name').waitFor(); await v.calm();
    same(await tree().getAttribute('aria-keyshortcuts'), null, 'no key is said');
    await v.press('t', 'h', '?', '/'); await v.calm();
    same([await tree().getAttribute('aria-pressed'), await v.page.getByRole('dialog').count(), await v.focused() === 'input search'], ['false', 0, false], 'nothing happens');
    await v.page.locator('.canvas').focus();
    await v.press('ArrowDown', 'Enter'); await v.page.waitForTimeout(250);
    same(await v.focused(), 'h2 party-name', 'others still work');
    await v.button('Keys and help').click();
    await v.page.getByLabel('Single letters and signs are keys').check();
    await v.press('Escape');
    await v.page.evaluate(() => { document.activeElement?.blur(); });
    await v.press('t'); await v.calm();
    same(await tree().getAttribute('aria-pressed'), 'true', 'on again');
    await v.end();
  },
  'targets are at least 24 pixels': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=crown&view=tree');
    await v.both();
    const small = await v.page.evaluate(() => [...document.querySelectorAll('button, select, input, summary, a[href]')].filter((el) => {
      const r = (el.closest('label') ?? el).getBoundingClientRect();
      return r.width > 0 && !el.classList.contains('skip') && (r.height < 23.5 || r.width < 23.5) && getComputedStyle(el).display !== 'none';
    }).map((el) => `${el.tagName} ${el.className} ${el.textContent.slice(0, 30)}`));
    same(small, [], 'small targets');
    await v.end();
  },
  '320 pixels: the table first, nothing runs over': async (browser, server) => {
    const v = await Visit.begin(browser, server, { viewport: { width: 320, height: 640 } });
    await v.page.locator('.figures').waitFor();
    for (const fragment of ['', '#entity=crown', '#entity=crown&view=tree']) {
      await v.at(fragment);
      const over = await v.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      holds(over <= 0, `${fragment || 'the beginning'} runs over by ${over}`);
      if (fragment) { holds((await v.rows('parties')).length > 0, 'the table comes first'); same(await v.page.locator('.canvas').count(), 0, 'no picture unasked'); }
    }
    await v.axe('320 pixels');
    await v.button('Picture').click(); await v.calm();
    holds(await v.drawn() > 20, 'the picture on demand');
    await v.end();
  },
  'print shows picture and details': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=crown&view=tree');
    await v.both();
    same(await v.page.locator('#details .cites .cite').first().isVisible(), false, 'citations are folded on the screen');
    // What is open while the browser lays the paper out.
    await v.page.evaluate(() => { addEventListener('beforeprint', () => { window.paper = [...document.querySelectorAll('#details .cites')].map((d) => d.open); }); });
    await v.page.pdf({ format: 'A4' });
    const open = await v.page.evaluate(() => window.paper);
    holds(open?.length > 3 && open.every(Boolean), `citations on paper: ${JSON.stringify(open)}`);
    same(await v.page.locator('#details .cites[open]').count(), 0, 'folded again');
    await v.page.emulateMedia({ media: 'print' });
    await v.page.evaluate(() => { dispatchEvent(new Event('beforeprint')); });
    same(await v.page.locator('#details .cites .cite').first().isVisible(), true, 'citations are on paper');
    same(await v.page.locator('.top').isVisible(), false, 'no search box on paper');
    holds(await v.page.locator('[aria-label="Table of parties"]').isVisible(), 'the table is on paper');
    await v.end();
  },
};
