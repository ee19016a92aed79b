import type { BrowserContext, Page } from 'playwright-core';
import { type ContractStream, startStream } from '../contract/contract-app.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { launchBrowser } from './browser.js';
import { bundleClient } from './client-bundle.js';
import { startPageOrigin } from './page-origin.js';

const HEARTBEAT_MS = 1000;

let stream: ContractStream;
let service: Service;
let origin: string;
let client: string;
let context: BrowserContext;
beforeAll(async () => {
  [stream, origin, client] = await Promise.all([startStream(), startPageOrigin(), bundleClient()]);
  service = await Service.start({
    env: {
      NATS_URL: stream.nats.url,
      STREAM_NAME: 'EVENTS',
      TOPIC_PREFIX: 'events.',
      HEARTBEAT_INTERVAL: String(HEARTBEAT_MS / 1000),
      TRANSIENT_RETRY: '0.1',
    },
  });
  const browser = await launchBrowser();
  context = await browser.newContext();
});

/** A tab that shares the hub's connection and collects the payloads of topic `a`. */
async function openTab(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(origin);
  await page.addScriptTag({ content: client });
  await page.evaluate(`{
    globalThis.payloads = [];
    globalThis.hub = nuts.connect(${JSON.stringify(`${service.url}/events`)}, {
      share: true,
      heartbeatMs: ${HEARTBEAT_MS},
    });
    hub.subscribe('a').on('message', ({ payload }) => payloads.push(payload));
  }`);
  await until(() => page.evaluate<boolean>('hub.state.name === "open"'), { everyMs: 50 });
  return page;
}

const newestOf = (page: Page): Promise<number> => page.evaluate<number>('payloads.at(-1) ?? 0');
const payloadsOf = (page: Page): Promise<number[]> => page.evaluate<number[]>('payloads');

async function connections(): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return Number(/^nuts_active_connections (\d+)$/m.exec(text)?.[1]);
}

it('five tabs share one connection; if its tab closes, crashes or freezes, another takes over', async () => {
  const tabs: Page[] = [];
  for (let n = 0; n < 5; n++) tabs.push(await openTab());
  expect(await connections()).toBe(1);
  let sent = 0;
  const publishing = new AbortController();
  const publisher = (async () => {
    while (!publishing.signal.aborted) {
      await stream.publish('a', String(++sent));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  const survivors = (): Page[] => tabs.slice(-2);
  /** How long the last tab received no message, in heartbeats. */
  const without = async (deed: () => Promise<unknown>): Promise<number> => {
    const [page] = survivors() as [Page];
    const began = performance.now();
    await deed();
    const sentBefore = sent;
    await until(async () => (await newestOf(page)) > sentBefore + 20, {
      everyMs: 50,
      timeoutMs: 20_000,
    });
    return (performance.now() - began) / HEARTBEAT_MS;
  };
  // Tabs lead in the order in which they were opened.
  const closed = await without(() => (tabs.shift() as Page).close());
  const crashed = await without(async () => {
    const page = tabs.shift() as Page;
    const devtools = await context.newCDPSession(page);
    // Its answer never arrives.
    devtools.send('Page.crash').catch(() => undefined);
  });
  const frozen = await without(async () => {
    const devtools = await context.newCDPSession(tabs[0] as Page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  });
  // Two, plus a margin for a busy machine.
  for (const heartbeats of [closed, crashed, frozen]) expect(heartbeats).toBeLessThan(6);
  const thawed = await context.newCDPSession(tabs[0] as Page);
  await thawed.send('Page.setWebLifecycleState', { state: 'active' });
  await until(async () => (await connections()) === 1, { timeoutMs: 20_000 });
  publishing.abort();
  await publisher;
  for (const page of tabs) {
    const what = async (): Promise<string> => `${(await payloadsOf(page)).length} of ${sent}`;
    await until(async () => (await newestOf(page)) === sent, {
      everyMs: 50,
      timeoutMs: 20_000,
    }).catch(async (error: unknown) => {
      throw new Error(await what(), { cause: error });
    });
    const payloads = await payloadsOf(page);
    expect(payloads).toEqual(Array.from({ length: sent }, (_, n) => n + 1));
  }
});
