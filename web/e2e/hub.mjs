import { holds, launch, same, Visit } from './help.mjs';

export function hubDocument(n) {
  const nodes = [{ id: 'hub', type: 'company', name: 'Hub of Many' }], edges = [];
  for (let i = 0; i < n; i += 1) {
    nodes.push({ id: `n${i}`, type: 'company', name: `Spoke ${i}` });
    edges.push({ id: `e${i}`, source: 'hub', target: `n${i}`, type: 'owns', share: '10' });
  }
  return { cuibono: 1, scope: 'hub', released: '2024-01-01', sources: [{ id: 'hub', title: 'Made for the test' }], nodes, edges };
}

const COUNT = '25,000';

/** The longest time that the page did not answer while something was done. */
async function longest(page, what) {
  await page.evaluate(() => {
    window.gap = 0;
    let last = performance.now();
    window.beat = setInterval(() => { const now = performance.now(); window.gap = Math.max(window.gap, now - last); last = now; }, 20);
  });
  await what();
  return Math.round(await page.evaluate(() => { clearInterval(window.beat); return window.gap; }));
}

export const hub = {
  'counts come first, 25 of them are shown, more on demand': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    const gap = await longest(v.page, async () => {
      await v.open('hub of many', 'Hub of Many');
      await v.page.locator('.count-number').getByText(COUNT).waitFor();
      await v.button('Show owns, outgoing').click();
      await v.calm();
      await v.button('Show more: owns, outgoing').click();
      await v.calm();
    });
    console.log(`        longest pause of the page ${gap} ms`);
    holds(gap < 4000, `the page stood still for ${gap} ms`);
    await v.page.getByText(`50 of ${COUNT}`).waitFor();
    await v.both();
    same((await v.names()).length, 51, 'parties shown');
    await v.end();
  },
  'the rest as a table': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('hub of many', 'Hub of Many');
    await v.button('As a table: owns, outgoing').click();
    const dialog = v.page.getByRole('dialog');
    await dialog.locator('tbody tr').first().waitFor();
    same(await dialog.locator('tbody tr').count(), 500, 'rows');
    holds((await dialog.textContent()).includes(`500 rows of ${COUNT}`), 'the count is said');
    await dialog.getByLabel('Only names with').fill('Spoke 1');
    const some = await dialog.locator('tbody tr').count();
    holds(some > 0 && some < 500, `${some} rows after filtering`);
    const title = await dialog.getAttribute('aria-label');
    // One after the other: the dialog stays what it is, where it is, and so does the focus.
    for (const n of [1, 2, 3]) {
      await dialog.getByRole('button', { name: /^Add Spoke/ }).first().click();
      await v.calm();
      same(await dialog.getAttribute('aria-label'), title, 'the dialog');
      same(await dialog.locator('tbody tr').count(), some, 'its rows');
      same(await dialog.getByRole('button', { name: /is in the picture$/ }).count(), n, 'those added');
      holds(/is in the picture$/.test(await v.focused()), `the focus is ${await v.focused()}`);
    }
    await v.press('Escape');
    same(await v.focused(), 'button As a table: owns, outgoing', 'the focus after the dialog');
    await v.calm();
    await v.both();
    same((await v.names()).length, 4, 'those that were added');
    same(await v.page.locator('#party-name').textContent().then((t) => t.trim()), 'Hub of Many', 'still selected');
    await v.end();
  },
  'an overview of more than a thousand, by WebGL': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    v.expected.push(/GPU stall|GL Driver|WebGL/);
    await v.open('hub of many', 'Hub of Many');
    const gap = await longest(v.page, async () => { await v.button('Two steps around').click(); await v.page.waitForTimeout(500); await v.calm(); });
    console.log(`        longest pause of the page ${gap} ms`);
    await v.page.locator('.canvas canvas').first().waitFor();
    holds(await v.page.getByText('cut short by a limit').count() > 0, 'that it is cut is said');
    await v.page.getByText('No verdicts are marked: more than 300 parties').waitFor();
    await v.page.locator('.canvas canvas').nth(4).waitFor({ state: 'attached' });
    await v.page.waitForTimeout(1500);
    await v.end();
  },
  'the tree of a hub': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    v.expected.push(/GPU stall|GL Driver|WebGL/);
    const gap = await longest(v.page, async () => {
      await v.open('hub of many', 'Hub of Many');
      await v.button('Ownership tree', v.page.locator('.tools')).click();
      await v.page.waitForTimeout(500); await v.calm();
    });
    console.log(`        longest pause of the page ${gap} ms`);
    holds(await v.page.getByText('cut short by a limit').count() > 0, 'that it is cut is said');
    holds(await v.drawn() > 20, 'it is drawn');
    await v.button('Table').click(); await v.calm();
    same((await v.names()).length, 200, 'a page of the table');
    await v.button('Show 1 more').first().click(); await v.calm();
    same((await v.names()).length, 201, 'and the rest');
    await v.end();
  },
  'without WebGL the table has it, and it can still be drawn': async (_browser, server) => {
    const browser = await launch(['--disable-3d-apis', '--disable-software-rasterizer']);
    try {
      const v = await Visit.begin(browser, server);
      v.expected.push(/WebGL|GL_/i);
      await v.open('hub of many', 'Hub of Many');
      await v.button('Two steps around').click();
      await v.calm();
      await v.page.getByText('too many to draw without WebGL').waitFor();
      await v.button('Show the table').click();
      await v.calm();
      holds((await v.names()).length >= 200, 'rows');
      await v.button('Undo').click(); await v.calm();
      await v.button('Undo').click(); await v.calm();
      holds(await v.drawn() > 20, 'small pictures need no WebGL');
      await v.end();
    } finally { await browser.close(); }
  },
};
