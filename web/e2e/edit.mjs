import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { holds, run, same, Visit } from './help.mjs';

export const edit = {
  'a note is kept in the store, where the server was started for that': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('crownfell', 'Crownfell Holding AG');
    await v.page.getByRole('tab', { name: 'Notes' }).click();
    await v.page.fill('#note-text', 'seen at the <registry>');
    await v.button('Keep in the store').click();
    await v.calm();
    await v.page.getByRole('tab', { name: 'Details' }).click();
    await v.page.locator('.facts').getByText('seen at the <registry>').waitFor();
    const said = run(server.program, ['--store', server.store, 'show', 'holding:crown', '--json']).out;
    holds(said.includes('seen at the <registry>'), 'the program knows it, too');
    await v.end();
  },
  'an import in another process shows up without a restart': async (browser, server) => {
    const v = await Visit.begin(browser, server);
    await v.open('crownfell', 'Crownfell Holding AG');
    await v.both();
    const file = path.join(server.work, 'more.json');
    writeFileSync(file, JSON.stringify({
      cuibono: 1, scope: 'more', sources: [{ id: 'more', title: 'More' }],
      nodes: [{ id: 'new', type: 'company', name: 'Brandnew Trading' }],
      edges: [{ id: 'n1', source: 'holding:crown', target: 'new', type: 'owns', share: '77' }],
    }));
    const done = run(server.program, ['--store', server.store, 'import', file]);
    same(done.code, 0, done.err);
    await v.open('brandnew', 'Brandnew Trading');
    await v.button('Show owns, incoming').click(); await v.calm();
    const relations = await v.rows('relations');
    holds(relations.some((r) => r[2] === 'Brandnew Trading' && r[3] === '77 %'), `the new stake: ${JSON.stringify(relations)}`);
    await v.page.getByRole('button', { name: 'Crownfell Holding AG' }).first().click(); await v.calm();
    const counts = await v.page.locator('.counts').textContent();
    holds(/owns, outgoing.*?5/.test(counts), `the counts are new: ${counts}`);
    await v.end();
  },
};
