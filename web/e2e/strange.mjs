import { holds, same, Visit } from './help.mjs';

export const strange = {
  'names that look like markup are text, everywhere': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('script', '<script>alert(1)</script>');
    same((await v.page.locator('#party-name').textContent()).trim(), '<script>alert(1)</script>', 'name');
    await v.page.locator('.facts').getByText('"><img src=x onerror=alert(2)>').waitFor();
    for (const s of await v.page.locator('.facts summary').all()) await s.click();
    await v.page.locator('q').getByText('"><img src=x onerror=alert(1)>').waitFor();
    await v.button('Two steps around').click();
    await v.calm();
    await v.both();
    holds((await v.names()).includes('<script>alert(1)</script>'), 'in the table');
    same(await v.page.evaluate(() => document.querySelectorAll('#app script, #app img, #app i, #app b').length), 0, 'elements made of data');
    await v.end();
  },
  'an address that is no web address is no link': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('held', 'Held by two reports');
    same(await v.page.evaluate(() => [...document.querySelectorAll('a[href]')].filter((a) => !/^(https?:|\/|#)/.test(a.getAttribute('href'))).length), 0, 'strange links');
    await v.end();
  },
  'turned names are kept apart from what stands beside them': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('ender', 'Ender');
    const style = await v.page.locator('#party-name bdi').evaluate((el) => getComputedStyle(el).unicodeBidi);
    holds(style.includes('isolate'), `unicode-bidi ${style}`);
    same(await v.page.locator('.contradictions h4').first().textContent(), 'Born', 'sources differ on the birth');
    same(await v.page.locator('.contradictions .sides > *').count(), 2, 'two sides');
    await v.end();
  },
  'reports of one stake stand side by side; parallel relations are one line': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('script', '<script>alert(1)</script>');
    await v.button('Show owns, outgoing').click(); await v.calm();
    await v.both();
    await v.page.getByRole('row', { name: /owns Held by two reports 50 %/ }).getByRole('button').click();
    await v.calm();
    same(await v.page.locator('.contradictions .sides > div').count(), 2, 'two reports');
    const text = await v.page.locator('.contradictions').textContent();
    for (const part of ['50 %', '49 %', 'paragraph 9', 'only 49 percent', 'alleged']) holds(text.includes(part), `${part} is missing: ${text}`);
    await v.page.getByRole('button', { name: /All \d relations between the two/ }).click();
    await v.page.locator('.bundle li').first().waitFor();
    same((await v.page.locator('.bundle li').count()) >= 2, true, 'the list of the bundle');
    await v.end();
  },
  'right-to-left names in the tree': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.at('#entity=hebrew&view=tree');
    await v.both();
    holds((await v.names()).includes('חברת הדוגמה בע״מ'), 'the Hebrew name');
    const relations = await v.rows('relations');
    holds(relations.some((r) => r[3] === '25 to <50 %') && relations.some((r) => r[3] === 'unknown'), 'shares');
    await v.end();
  },
};
