import { holds, same, Visit } from './help.mjs';

export const list = {
  'search in the full list': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.page.locator('.figures').waitFor();
    holds(Number((await v.page.locator('.figures strong').first().textContent()).replaceAll(',', '')) > 10_000, 'the whole list is there');
    const begun = Date.now();
    await v.search('intellekt', 'INTELLEKT LLC');
    console.log(`        hits shown ${Date.now() - begun} ms after typing`);
    await v.open('intellekt', 'INTELLEKT LLC');
    await v.page.locator('.badge.listed').first().waitFor();
    await v.end();
  },
  'a programme with thousands of parties: counts first': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at(`#entity=${encodeURIComponent('ofac.program:SDGT')}`);
    await v.page.locator('.counts li').first().waitFor();
    const text = await v.page.locator('.counts').textContent();
    holds(/\d,\d{3}|\d{3}/.test(text), `no large count: ${text}`);
    await v.page.locator('.counts button').first().click();
    await v.calm();
    await v.both();
    same((await v.names()).length, 26, 'at most 25 of a type');
    await v.end();
  },
  'known by a release': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    const options = await v.page.locator('#known-at option').allTextContents();
    holds(options.includes('2023-08-31'), `releases: ${options}`);
    await v.open('intellekt', 'INTELLEKT LLC');
    await v.page.selectOption('#known-at', '2023-08-31');
    await v.calm();
    holds((await v.page.locator('.verdicts').textContent()).includes('published by 2023-08-31'), 'said beside the verdicts');
    await v.button('Undo').click(); await v.calm();
    same(await v.page.inputValue('#known-at'), '', 'undone');
    await v.end();
  },
};
