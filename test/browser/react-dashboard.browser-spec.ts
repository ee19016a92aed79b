import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { startStream } from '../contract/contract-app.js';
import { disposeAtEnd } from '../support/disposal.js';
import { freePort } from '../support/free-port.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { launchBrowser } from './browser.js';

const EXAMPLE = 'examples/react-dashboard';
const VITE = 'node_modules/vite/bin/vite.js';

/** Runs a program until the file ends, and returns what it printed first. */
async function run(file: string, args: readonly string[], env: object = {}): Promise<string> {
  const child = spawn(execPath, [file, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  disposeAtEnd(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, 'close');
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await until(() => printed.includes('\n'), { what: `a line of ${file}` });
  return printed;
}

/** Builds the page, and serves it on a free port. Returns its origin. */
async function servePage(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'nuts-react-'));
  disposeAtEnd(() => rmSync(outDir, { recursive: true, force: true }));
  const folder = ['--outDir', outDir];
  await promisify(execFile)(execPath, [VITE, 'build', EXAMPLE, ...folder, '--emptyOutDir']);
  const port = String(await freePort());
  const where = ['--host', '127.0.0.1', '--strictPort', '--port', port];
  await run(VITE, ['preview', EXAMPLE, ...folder, ...where]);
  return `http://127.0.0.1:${port}`;
}

let browser: Browser;
let service: Service;
let origin: string;
beforeAll(async () => {
  const stream = await startStream();
  await stream.jsm.streams.add({ name: 'PLANT', subjects: ['plant.>'] });
  const env = { NATS_URL: stream.nats.url, NUTS_CONFIG: `${EXAMPLE}/dashboard.yaml` };
  await run(`${EXAMPLE}/plant.js`, [], { ...env, INTERVAL_MS: '200', PAGE_MS: '20' });
  [service, browser, origin] = await Promise.all([
    Service.start({ env }),
    launchBrowser(),
    servePage(),
  ]);
});

async function open(): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  await page.goto(`${origin}/?service=${encodeURIComponent(service.url)}`);
  return { page, problems };
}

const textOf = (page: Page, selector: string): Promise<string> =>
  page.locator(selector).first().innerText();

it('examples/react-dashboard shows its state, receives live updates, sends requests, and publishes', async () => {
  const { page, problems } = await open();
  await until(async () => (await page.locator('.tiles button').count()) === 5);
  expect(await textOf(page, '.state')).toBe('open');

  const readings = async (): Promise<number> => {
    const text = await textOf(page, '#chart small');
    return Number(/^(\d+) readings, live$/.exec(text)?.[1]);
  };
  await until(async () => (await readings()) > 2);
  const before = await readings();
  await until(async () => (await readings()) > before);
  await page.click('.tiles button:has-text("oven")');
  await until(
    async () => (await textOf(page, '#chart')).startsWith('oven') && (await readings()) > 0,
  );
  const line = await page.getAttribute('polyline', 'points');
  expect(line?.split(' ').length).toBeGreaterThan(0);

  const { page: other } = await open();
  await page.fill('input', 'the mill is loud');
  await page.click('text=Publish');
  for (const each of [page, other]) {
    await until(async () => (await each.locator('li').allInnerTexts()).join().includes('mill is'));
  }
  expect(await page.inputValue('input')).toBe('');

  await page.click('text=Make it');
  const progress = (): Promise<number> =>
    page.$eval('progress', (bar) => Number((bar as unknown as { value: number }).value));
  await until(async () => (await progress()) > 2 && (await progress()) < 40, { everyMs: 5 });
  await until(async () => (await progress()) === 40);
  await until(async () => (await textOf(page, '[aria-labelledby=report] output')) === '2460 t');
  expect(problems).toEqual([]);
  await other.close();
});
