import { holds, same, Visit } from './help.mjs';

export const seed = {
  'the beginning says what is in the store, soon': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.page.locator('.figures').waitFor();
    const paint = { useful: await v.page.evaluate(() => performance.now()), first: await v.firstPaint() };
    console.log(`        first contentful paint ${Math.round(paint.first)} ms, figures there after ${Math.round(paint.useful)} ms`);
    holds(paint.first > 0 && paint.first <= paint.useful + 1000 && paint.useful < 8000, `the page took more than 8 s: ${JSON.stringify(paint)}`);
    same(await v.page.locator('.figures strong').allTextContents().then((t) => t.slice(0, 2)), ['36', '72'], 'figures');
    await v.page.getByRole('heading', { name: 'For example' }).waitFor();
    holds((await v.page.locator('.samples .button').count()) >= 2, 'no examples');
    await v.end();
  },
  'search as you type: cards with type, country, list and band': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    const card = await v.search('kozl', 'Sergei Kozlov');
    await card.getByText('Russia').waitFor();
    const text = await card.textContent();
    for (const part of ['person', 'listed: ofac_sdn', 'letters fit']) holds(text.includes(part), `${part} is not on the card: ${text}`);
    same(await (await v.search('kozlov sergei', 'Sergei Kozlov')).locator('.band').textContent(), 'match', 'band');
    await v.page.fill('#search', 'zzzzqq');
    await v.page.getByText('That is no finding about the person').waitFor();
    await v.end();
  },
  'expand by counts, collapse, hide, undo and redo': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('intellekt', 'Intellekt LLC');
    await v.both();
    same(await v.names(), ['Intellekt LLC'], 'a party is shown alone first');
    await v.button('Show owns or controls, incoming').click();
    await v.calm();
    same((await v.names()).sort(), ['Intellekt LLC', 'Sergei Kozlov'], 'expanded');
    // All relations between the two that are known are there, bundled in the picture.
    const relations = await v.rows('relations');
    holds(relations.some((r) => r[1] === 'owns or controls' && r[3] === 'unknown' && r[6] === 'alleged'), `the stake is not there: ${JSON.stringify(relations)}`);
    await v.button('Hide owns or controls, incoming').click();
    await v.calm();
    same(await v.names(), ['Intellekt LLC'], 'collapsed');
    await v.button('Undo').click(); await v.calm();
    same((await v.names()).length, 2, 'undone');
    await v.press('Control+Shift+Z'); await v.calm();
    same((await v.names()).length, 1, 'done again');
    await v.button('Undo').click(); await v.calm();
    await v.page.getByRole('button', { name: 'Sergei Kozlov' }).first().click();
    await v.calm();
    await v.page.locator('#details').getByRole('button', { name: 'Hide', exact: true }).click();
    await v.calm();
    same(await v.names(), ['Intellekt LLC'], 'hidden');
    await v.button('Undo').click(); await v.calm();
    same((await v.names()).length, 2, 'back again');
    holds(await v.drawn() > 50, 'the picture is empty');
    await v.end();
  },
  'every fact with its citation': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('intellekt', 'Intellekt LLC');
    const facts = v.page.locator('.facts');
    await facts.getByText('7701080141').first().waitFor();
    const row = v.page.locator('.facts > div').filter({ hasText: 'Also known as' });
    await row.locator('summary').click();
    const cite = await row.locator('.cite').textContent();
    for (const part of ['Specially Designated Nationals', 'entry 36217', 'open the source']) holds(cite.includes(part), `${part} is not in ${cite}`);
    same(await row.locator('.cite a').getAttribute('href'), 'https://sanctionslist.ofac.treas.gov/', 'address of the source');
    same(await row.locator('.cite a').getAttribute('rel'), 'noopener noreferrer', 'rel');
    await v.end();
  },
  'ways between two parties, highlighted': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('intellekt', 'Intellekt LLC');
    await v.page.getByRole('tab', { name: 'Connections' }).click();
    await v.page.getByRole('button', { name: /Add what is selected/ }).click();
    await v.page.fill('#way-search', 'jon jin');
    await v.page.getByRole('option').filter({ hasText: 'Jon Jin Yong' }).first().click();
    await v.button('Find the ways').click();
    await v.calm();
    const found = await v.page.locator('.found-way').textContent();
    holds(/ways?, \d steps?/.test(found), `no way: ${found}`);
    holds(found.includes('Sergei Kozlov'), 'the way goes through Kozlov');
    same(await v.button('Highlight').getAttribute('aria-pressed'), 'true', 'highlighted');
    await v.both();
    holds((await v.names()).includes('Jon Jin Yong'), 'the other end is in the picture');
    await v.end();
  },
  'filters: type, status, source': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('intellekt', 'Intellekt LLC');
    await v.button('Two steps around').click();
    await v.calm();
    await v.both();
    const all = (await v.rows('relations')).length;
    holds(all > 20, `only ${all} relations`);
    await v.page.locator('.filters').getByLabel(/^\s*alleged/).uncheck();
    await v.calm();
    const asserted = await v.rows('relations');
    holds(asserted.length < all && asserted.every((r) => r[6] !== 'alleged'), 'alleged ones are still there');
    await v.page.locator('.filters').getByLabel(/^\s*linked to/).uncheck();
    await v.calm();
    holds((await v.rows('relations')).every((r) => r[1] !== 'linked to'), 'the type is still there');
    await v.page.getByText('Sources', { exact: true }).first().click();
    await v.page.locator('.filters').getByLabel(/Specially Designated/).check();
    await v.calm();
    holds((await v.rows('relations')).every((r) => /Specially Designated/.test(r[7])), 'facts of other sources are still there');
    await v.end();
  },
};
