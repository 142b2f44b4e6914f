// Makes the page: `node build.mjs --out DIR`. Two bundles are loaded late: the drawing of
// networks (cytoscape), and that of large ones (sigma).
import { build } from 'esbuild';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const at = process.argv.indexOf('--out');
const out = path.resolve(at > 0 ? process.argv[at + 1] : path.join(here, 'dist'));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const made = await build({
  absWorkingDir: here,
  metafile: true,
  entryPoints: { app: 'src/main.tsx' },
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  chunkNames: '[name]-[hash]',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
});
await build({
  absWorkingDir: here, entryPoints: { app: 'src/app.css' }, outdir: out, bundle: true, minify: true, logLevel: 'warning',
});
await copyFile(path.join(here, 'src/index.html'), path.join(out, 'index.html'));
await copyFile(path.join(here, 'src/icon.svg'), path.join(out, 'icon.svg'));

// Whose work is in the bundles, with their licences.
const packages = new Set(Object.keys(made.metafile.inputs).map((f) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(f)?.[1]).filter(Boolean));
let texts = 'The explorer of cuibono contains these packages.\n';
for (const name of [...packages].sort()) {
  const dir = path.join(here, 'node_modules', name);
  const about = JSON.parse(await readFile(path.join(dir, 'package.json'), 'utf8'));
  const file = (await readdir(dir)).find((f) => /^licen[cs]e/i.test(f));
  texts += `\n${'-'.repeat(72)}\n${name} ${about.version} (${about.license})\n\n${file ? await readFile(path.join(dir, file), 'utf8') : 'No text of the licence comes with the package.\n'}`;
}
await writeFile(path.join(out, 'licences.txt'), texts);
