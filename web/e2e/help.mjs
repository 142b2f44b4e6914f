// What every suite uses: a server, a browser that may talk to it only, and small looks at the page.
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** A folder with another build of the page, served in place of the one in the program (`--page`). */
let other = null;
export const pageFrom = (dir) => { other = dir; };
const MEDIA = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };

async function swap(context, server) {
  let headers = null;
  await context.route((url) => url.origin === server.origin && !url.pathname.startsWith('/v1/') && !url.searchParams.has('token'), async (route) => {
    const name = new URL(route.request().url()).pathname;
    const file = path.join(other, name === '/' ? 'index.html' : name);
    if (!existsSync(file)) { await route.continue(); return; }
    headers ??= (await route.fetch({ url: `${server.origin}/` })).headers();
    const { 'content-security-policy': csp, 'referrer-policy': referrer } = headers;
    await route.fulfill({ body: readFileSync(file), headers: { 'content-security-policy': csp, 'referrer-policy': referrer, 'content-type': MEDIA[path.extname(file)] } });
  });
}

export const launch = (extra = []) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: [...FLAGS, ...extra],
});

export function run(program, args) {
  const r = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { code: r.status, out: r.stdout ?? '', err: r.stderr ?? '' };
}

/** Starts `cuibono serve` and waits for the address that it prints. */
export function serve(program, args, more = []) {
  const child = spawn(program, [...args, 'serve', ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
  let err = '';
  child.stderr.on('data', (d) => { err += d; });
  return new Promise((done, fail) => {
    const late = setTimeout(() => { child.kill(); fail(new Error(`no address within 60 s: ${err}`)); }, 60_000);
    let said = '';
    child.stdout.on('data', (d) => {
      said += d;
      const url = /https?:\/\/\S+/.exec(said)?.[0];
      if (url && said.includes('\n')) { clearTimeout(late); done({ url, origin: new URL(url).origin, stop: () => child.kill('SIGINT'), child }); }
    });
    child.on('exit', (code) => { clearTimeout(late); fail(new Error(`serve ended with ${code}: ${err}`)); });
  });
}

export class Visit {
  constructor(server, page, context) { this.server = server; this.page = page; this.context = context; this.faults = []; this.requests = 0; this.expected = []; }

  static async begin(browser, server, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1360, height: 850 }, acceptDownloads: true, ...options });
    if (other) await swap(context, server);
    const page = await context.newPage();
    const v = new Visit(server, page, context);
    page.on('console', (m) => { if (['error', 'warning'].includes(m.type()) && !v.expected.some((x) => x.test(m.text()))) v.faults.push(`console ${m.type()}: ${m.text()}`); });
    page.on('pageerror', (e) => { v.faults.push(`page error: ${e.message}`); });
    page.on('dialog', (d) => { v.faults.push(`a dialog opened: ${d.message()}`); void d.dismiss(); });
    page.on('response', async (r) => { if (r.status() >= 400 && !v.refused) v.faults.push(`${r.status()} for ${r.url().slice(0, 300)}: ${(await r.text().catch(() => '')).slice(0, 200)}`); });
    context.on('request', (r) => {
      v.requests += 1;
      const url = r.url();
      if (!url.startsWith(server.origin) && !url.startsWith('data:') && !url.startsWith('blob:')) v.faults.push(`a request left: ${url}`);
    });
    await page.goto(server.url);
    await page.locator('#search').waitFor();
    return v;
  }

  /** Opens a state by its fragment. */
  async at(fragment) {
    await this.page.goto('about:blank');
    await this.page.goto(`${this.server.origin}/${fragment}`);
    await this.page.locator('#search').waitFor();
    await this.calm();
  }

  /** When something was painted first; the browser says so a little later. */
  async firstPaint() {
    const entry = await this.page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime, undefined, { timeout: 20_000 });
    return await entry.jsonValue();
  }

  /** Until nothing is asked for any more and everything is drawn. */
  async calm() {
    await this.page.waitForLoadState('networkidle');
    await this.page.waitForFunction(() => document.querySelector('.waiting') === null, undefined, { timeout: 30_000 });
    await this.page.waitForTimeout(350);
  }

  async search(text, name) {
    await this.page.fill('#search', text);
    const option = this.page.getByRole('option').filter({ hasText: name }).first();
    await option.waitFor({ timeout: 15_000 });
    await this.page.locator('.top .results[aria-busy="false"]').waitFor();
    return option;
  }

  async open(text, name) { await (await this.search(text, name)).click(); await this.calm(); }
  button(name, within = this.page) { return within.getByRole('button', { name, exact: true }); }
  async press(...keys) { for (const k of keys) await this.page.keyboard.press(k); }

  /** Rows of the parties and relations that are shown, by the table twin. */
  async rows(table) {
    return this.page.evaluate((name) => [...document.querySelectorAll(`[aria-label="Table of ${name}"] tbody tr`)]
      .map((r) => [...r.children].map((c) => c.textContent.trim())), table);
  }
  async both() { await this.button('Both').click(); await this.calm(); }
  names = async () => (await this.rows('parties')).map((r) => r[0]);

  /** Whether anything is drawn: pixels of the canvases that are not empty. */
  drawn() {
    return this.page.evaluate(() => Math.max(0, ...[...document.querySelectorAll('.canvas canvas')].map((c) => {
      const copy = document.createElement('canvas');
      copy.width = 200; copy.height = 200;
      const g = copy.getContext('2d');
      g.drawImage(c, 0, 0, 200, 200);
      return g.getImageData(0, 0, 200, 200).data.filter((_, i) => i % 4 === 3).filter((a) => a > 0).length;
    })));
  }

  /** Holds the answers of an address back; what is returned lets them go. */
  async hold(pattern) {
    const waiting = [];
    let free = false;
    await this.page.route(pattern, (route) => { if (free) return route.continue(); waiting.push(route); return undefined; });
    return async () => { free = true; await Promise.all(waiting.map((r) => r.continue())); };
  }

  /** What is shown for all to see, and spoken, apart from the page itself. */
  messages() { return this.page.locator('.told .message').allTextContents(); }
  async message(text) { await this.page.locator('.told .message').filter({ hasText: text }).first().waitFor(); }

  /** Where the focus is, in words. */
  focused() {
    return this.page.evaluate(() => {
      const el = document.activeElement;
      return !el || el === document.body ? 'nowhere' : `${el.tagName.toLowerCase()} ${el.id || el.getAttribute('aria-label') || el.textContent.trim().slice(0, 40)}`;
    });
  }

  async axe(where) {
    await this.page.evaluate(AXE);
    const found = await this.page.evaluate(async () => (await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations
      .map((x) => `${x.id}: ${x.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.failureSummary?.split('\n')[1] ?? ''}`).join(' | ')}`));
    if (found.length > 0) throw new Error(`axe at ${where}:\n  ${found.join('\n  ')}`);
  }

  async end() {
    await this.context.close();
    if (this.faults.length > 0) throw new Error(this.faults.join('\n'));
  }
}

export function same(have, want, what) {
  const [h, w] = [JSON.stringify(have), JSON.stringify(want)];
  if (h !== w) throw new Error(`${what}: ${h} instead of ${w}`);
}
export function holds(yes, what) { if (!yes) throw new Error(what); }
