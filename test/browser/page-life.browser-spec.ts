import type { BrowserContext, Page } from 'playwright-core';
import { type ContractStream, startStream } from '../contract/contract-app.js';
import { Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { launchBrowser } from './browser.js';
import { bundleClient } from './client-bundle.js';
import { startPageOrigin } from './page-origin.js';

/** Far longer than a test waits: an earlier reconnect was triggered by the event. */
const RETRY_MS = 600_000;

let stream: ContractStream;
let network: TcpProxy;
let origin: string;
let client: string;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  [stream, origin, client] = await Promise.all([startStream(), startPageOrigin(), bundleClient()]);
  const service = await Service.start({
    env: {
      NATS_URL: stream.nats.url,
      STREAM_NAME: 'EVENTS',
      TOPIC_PREFIX: 'events.',
      SSE_RETRY: String(RETRY_MS),
      // Four messages: a page that sleeps for longer is served from JetStream.
      WINDOW_MAX_MESSAGES: '4',
    },
  });
  network = await TcpProxy.start(Number(new URL(service.url).port));
  context = await (await launchBrowser({ keepsPages: true })).newContext();
});
beforeEach(async () => {
  page = await context.newPage();
  await page.goto(origin);
  await page.addScriptTag({ content: client });
  await page.evaluate(`{
    globalThis.payloads = [];
    globalThis.shown = [];
    globalThis.hub = nuts.connect(${JSON.stringify(`${network.url()}/events`)});
    hub.subscribe('a').on('message', ({ payload }) => payloads.push(payload));
    addEventListener('pageshow', ({ persisted }) => shown.push(persisted));
  }`);
  await state('open');
});
afterEach(() => page.close());

const state = (name: string): Promise<boolean> =>
  until(() => page.evaluate<boolean>(`hub.state.name === ${JSON.stringify(name)}`), {
    what: () => `the hub to be ${name}`,
    everyMs: 20,
  });
const payloads = (): Promise<number[]> => page.evaluate<number[]>('payloads');

async function publish(...numbers: number[]): Promise<void> {
  for (const number of numbers) await stream.publish('a', String(number));
}

it('a page that is restored from the back/forward cache resumes', async () => {
  await publish(1, 2);
  await until(async () => (await payloads()).length === 2);
  await page.goto('data:text/html,<title>elsewhere</title>');
  await publish(3, 4, 5, 6, 7, 8, 9, 10);
  // A cached page is shown again without loading.
  await page.goBack({ waitUntil: 'commit' });
  await until(async () => (await page.evaluate<boolean[]>('shown')).at(-1) === true);
  await until(async () => (await payloads()).length === 10);
  expect(await payloads()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await state('open');
});

it('a page reconnects at once when it is online again', async () => {
  await publish(11);
  await until(async () => (await payloads()).length === 1);
  await context.setOffline(true);
  network.dropConnections();
  await state('waiting');
  await publish(12, 13);
  await context.setOffline(false);
  await until(async () => (await payloads()).length === 3);
  expect(await payloads()).toEqual([11, 12, 13]);
});

it("a laptop that slept for longer than the stream's retention is notified of the missing messages", async () => {
  await publish(14);
  await until(async () => (await payloads()).length === 1);
  await page.evaluate(`{
    globalThis.gaps = [];
    hub.subscribe('a').on('gap', (gap) => gaps.push(gap.reason));
  }`);
  await context.setOffline(true);
  network.dropConnections();
  await state('waiting');
  await publish(15, 16);
  const { state: kept } = await stream.jsm.streams.info('EVENTS');
  await stream.jsm.streams.purge('EVENTS', { seq: kept.last_seq });
  await context.setOffline(false);
  await until(async () => (await page.evaluate<unknown[]>('gaps')).length > 0);
  await until(async () => (await payloads()).at(-1) === 16);
  expect(await payloads()).toEqual([14, 16]);
});
