// A store of the reader's own, as large as it likes: how soon there is something to see, how long a search takes.
import { holds, Visit } from './help.mjs';

const middle = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

export const large = {
  'soon there, soon found': async (browser, server) => {
    const first = [], useful = [];
    for (let i = 0; i < 5; i += 1) {
      const v = await Visit.begin(browser, server);
      await v.page.locator('.figures').waitFor();
      const t = await v.page.evaluate(() => ({ first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1, figures: performance.now() }));
      first.push(t.first); useful.push(t.figures);
      await v.end();
    }
    const v = await Visit.begin(browser, server);
    await v.page.locator('.figures').waitFor();
    const parties = await v.page.locator('.figures strong').first().textContent();
    await v.calm();
    const sample = (await v.page.locator('.samples .button').allTextContents())[0]?.trim() ?? 'a';
    const words = sample.split(/\s+/);
    const took = [];
    for (const text of [words[0], sample, sample.slice(0, 3), `${sample}x`, words.at(-1), sample.slice(0, 5)]) {
      await v.page.evaluate(() => { performance.clearResourceTimings(); });
      await v.page.fill('#search', text);
      await v.page.locator('.top .results[aria-busy="false"]').waitFor();
      await v.page.waitForFunction(() => performance.getEntriesByType('resource').some((r) => r.name.includes('/v1/search')));
      took.push(await v.page.evaluate(() => Math.max(...performance.getEntriesByType('resource').filter((r) => r.name.includes('/v1/search')).map((r) => r.duration))));
      await v.page.fill('#search', '');
    }
    const ms = (list) => `${list.map((x) => Math.round(x)).join(', ')} (median ${Math.round(middle(list))}) ms`;
    console.log(`        ${parties} parties; first contentful paint ${ms(first)}; figures of the store there after ${ms(useful)}; search answers ${ms(took)}`);
    holds(middle(first) < 10_000 && middle(took) < 5_000, 'out of all measure');
    await v.end();
  },
  'a party, its relations and its tree': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.page.locator('.samples .button').first().click();
    await v.calm();
    const begun = Date.now();
    await v.button('Ownership tree', v.page.locator('.tools')).click();
    await v.calm();
    console.log(`        tree of ${await v.page.title()} after ${Date.now() - begun} ms`);
    await v.end();
  },
};
