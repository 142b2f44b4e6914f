// The pictures of docs/explorer.md, made by the tests.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { holds, Visit } from './help.mjs';
import { smaller } from './png.mjs';

const VIEW = { viewport: { width: 1200, height: 750 } };

async function shot(v, dir, name) {
  await v.page.mouse.move(2, 2);
  await v.page.waitForTimeout(500);
  const file = path.join(dir, `${name}.png`);
  const png = smaller(await v.page.screenshot());
  writeFileSync(file, png);
  const size = png.length;
  console.log(`        ${name}.png ${Math.round(size / 1000)} kB`);
  holds(size < 150_000, `${name}.png has ${size} bytes`);
}

export const tour = (dir) => ({
  'pictures': async (browser, server) => {
    const v = await Visit.begin(browser, server, VIEW);
    await v.page.locator('.samples .button').first().waitFor();
    await shot(v, dir, '1-begin');
    await v.search('vargal', 'Ottokar Vargalund');
    await v.page.waitForTimeout(700);
    await shot(v, dir, '2-search');
    await v.press('Enter'); await v.calm();
    await v.button('Show owns, outgoing').click(); await v.calm();
    await v.at('#entity=crown');
    await v.button('Two steps around').click(); await v.calm();
    await shot(v, dir, '3-network');
    await v.at('#entity=karrow&view=tree&regime=ofac&as_of=2024-05-02');
    await v.button('Proof under ofac').click(); await v.calm();
    await shot(v, dir, '4-tree-proof');
    await v.at('#entity=crown&view=tree&regime=ofac,eu&as_of=2022-01-01');
    await v.button('Filters').click(); await v.page.waitForTimeout(300); await v.button('Fit').click();
    await shot(v, dir, '5-regimes');
    await v.button('Filters').click();
    await v.at('#entity=crown&view=tree&regime=ofac&as_of=2024-05-02');
    await v.both();
    await v.page.getByRole('row', { name: /Ottokar Vargalund owns Crownfell/ }).getByRole('button').click();
    await v.button('What if another share').click();
    await v.page.getByLabel('Supposed share in percent').fill('49');
    await v.press('Enter'); await v.calm();
    await shot(v, dir, '6-what-if');
    await v.at('#entity=varga&entity=bank&entity=villa&connect=');
    await v.page.getByRole('tab', { name: 'Connections' }).click(); await v.calm();
    await shot(v, dir, '7-connections');
    await v.end();
    const dark = await Visit.begin(browser, server, { ...VIEW, colorScheme: 'dark' });
    await dark.at('#entity=crown&view=tree&regime=ofac&as_of=2024-05-02');
    await dark.both();
    await shot(dark, dir, '8-dark-table');
    await dark.end();
  },
});
