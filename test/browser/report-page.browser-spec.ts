import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import type { Browser } from 'playwright-core';
import { startStream } from '../contract/contract-app.js';
import { disposeAtEnd } from '../support/disposal.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { launchBrowser } from './browser.js';

/** Runs a program of the example, and returns its first line. */
async function run(file: string, args: readonly string[], env: object = {}): Promise<string> {
  const child = spawn(execPath, [`examples/report/${file}`, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  disposeAtEnd(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, 'close');
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return line.toString().trim();
}

let browser: Browser;
let address: string;
beforeAll(async () => {
  const stream = await startStream();
  const env = { NATS_URL: stream.nats.url, NUTS_CONFIG: 'examples/report/report.yaml' };
  const [service, launched] = await Promise.all([
    Service.start({ env }),
    launchBrowser(),
    run('service.js', [], { ...env, PAGE_MS: '20' }),
  ]);
  browser = launched;
  address = await run('serve.js', [service.url]);
});

it('examples/report shows the progress, stops, and reports errors', async () => {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(address);
  const status = (): Promise<string> => page.innerText('[role=status]');
  const progress = (): Promise<number> =>
    page.$eval('progress', (bar) => (bar as unknown as { value: number }).value);

  await page.click('button[name=start]');
  await until(async () => (await progress()) > 2 && (await progress()) < 40, { everyMs: 5 });
  await until(async () => (await status()) === 'Done');
  expect(await progress()).toBe(40);

  await page.click('button[name=start]');
  await until(async () => (await status()).startsWith('Page '));
  await page.click('button[name=stop]');
  await until(async () => (await status()) === 'Stopped');

  await page.fill('input[name=year]', '2026.5');
  await page.$eval(
    'form',
    (form) => ((form as unknown as { noValidate: boolean }).noValidate = true),
  );
  await page.click('button[name=start]');
  await until(async () => (await status()) === 'Failed: Expected {"year": 2026}');
  expect(problems).toEqual([]);
});
