import { execPath } from 'node:process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { disposeAtEnd } from '../support/disposal.js';
import { until } from '../support/until.js';
import { launchBrowser } from './browser.js';
import { type DeliveryRig, startDeliveryRig } from './delivery-rig.js';

const SERVE = join('examples', 'browser', 'serve.js');

let rig: DeliveryRig;
let browser: Browser;
let address: string;
beforeAll(async () => {
  [rig, browser] = await Promise.all([startDeliveryRig(), launchBrowser()]);
  address = await serve(rig.front.url());
});

/** Runs the example's own server, and returns the URL that it prints. */
async function serve(service: string): Promise<string> {
  const child = spawn(execPath, [SERVE, service], { stdio: ['ignore', 'pipe', 'inherit'] });
  disposeAtEnd(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, 'close');
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return line.toString().trim();
}

/** Values as `make start` publishes them. */
async function publishFigures(percent: number): Promise<void> {
  const figures = {
    cpu: { percent, cores: 2 },
    memory: { total: 8_312_115_200, used: 3_212_115_200, percent: 38.6 },
    load: { one: 1.52, five: 1.4, fifteen: 0.98 },
    network: { receivedPerSecond: 18_000, sentPerSecond: 5200 },
    eventloop: { utilization: 0.0123, delayMs: { mean: 10.1, p99: 11.2, max: 14.9 } },
  };
  for (const [name, figure] of Object.entries(figures)) {
    await rig.stream.publish(`host.${name}`, JSON.stringify(figure));
  }
}

async function shows(page: Page, text: string): Promise<void> {
  let body = '';
  await until(
    async () => {
      body = await page.innerText('body');
      return body.includes(text);
    },
    { what: () => `«${text}» on the page; it shows ${body}`, everyMs: 50 },
  );
}

it('examples/browser shows the values, and resumes after a cut and an outage', async () => {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await publishFigures(11.5);
  await page.goto(address);
  await shows(page, 'Connection: live');
  // The page shows the state before anything else is published.
  await shows(page, '11.5');
  await publishFigures(12.5);
  await shows(page, '12.5');

  rig.front.cut();
  await shows(page, 'Connection: reconnecting');
  await publishFigures(37.5);
  rig.front.restore();
  await shows(page, '37.5');
  await shows(page, 'Connection: live');
  expect(problems).toEqual([]);
});
