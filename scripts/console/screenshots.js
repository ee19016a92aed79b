// `npm run console:screenshots`: the console at work, as the documentation shows it.
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'nats';
import { chromium } from 'playwright-core';
import { build } from '../build/dist.js';
import { Failure, report } from '../failure.js';
import { startBroker } from '../start/broker.js';
import { startService } from '../start/service.js';
import { ensureStream } from '../start/stream.js';
import { startDemoFeed } from './demo-feed.js';

const FOLDER = 'docs/images';
const MAX_BYTES = 200_000;
const PREFIX = 'events.';
/** Until the plot has a line to show. */
const HISTORY_MS = 45_000;

const WIDE = { viewport: { width: 1280, height: 800 } };
const PICTURES = {
  light: { ...WIDE, colorScheme: 'light' },
  dark: { ...WIDE, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: 'light' },
};

const undo = [];

async function run() {
  build();
  const data = mkdtempSync(join(tmpdir(), 'nuts-console-'));
  undo.push(() => rmSync(data, { recursive: true, force: true }));
  const adopt = (child) => undo.push(() => child.stop());
  const broker = await startBroker(data, adopt);
  const connection = await connect({ servers: broker.url });
  undo.push(() => connection.close());
  const stream = await ensureStream(connection);
  // Tools that a default start does not have.
  Object.assign(process.env, {
    PUBLISH: 'true',
    PUBLISH_ANONYMOUS: 'true',
    SERVICES_PATH: '/services',
    SERVICES_SUBJECT_PREFIX: 'services.',
    REQUEST_ANONYMOUS: 'true',
  });
  const service = { port: 0, natsUrl: broker.url, stream, prefix: PREFIX };
  const { url } = await startService(service, adopt);
  undo.push(startDemoFeed(connection, PREFIX));
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false });
  undo.push(() => browser.close());
  console.error(`… ${HISTORY_MS / 1_000} s of data`);
  await pause(HISTORY_MS);
  mkdirSync(FOLDER, { recursive: true });
  await Promise.all(
    Object.entries(PICTURES).map(([name, options]) => take(browser, url, name, options)),
  );
}

async function take(browser, url, name, options) {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(`${url}/console#plot=sensors.hall&field=temperature&back=PT1M`);
  await page.locator('.dot[data-state=open]').waitFor();
  await pause(4_000);
  await page.getByRole('button', { name: 'Cut connection' }).click();
  // The cut, the resume, and some seconds of both the rates and the table.
  await pause(9_000);
  const path = join(FOLDER, `console-${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > MAX_BYTES) throw new Failure(`${path} has ${size} bytes.`, 'show less in it');
  console.log(`${path} ${Math.round(size / 1_000)} KB`);
}

try {
  await run();
} catch (error) {
  report(error);
} finally {
  for (const step of undo.reverse()) await Promise.resolve(step()).catch(report);
}
