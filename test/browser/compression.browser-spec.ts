import type { Browser } from 'playwright-core';
import { type ContractStream, startStream } from '../contract/contract-app.js';
import { Service } from '../support/service.js';
import { launchBrowser } from './browser.js';
import { startPageOrigin } from './page-origin.js';
import { Tab } from './tab.js';

let stream: ContractStream;
let browser: Browser;
let origin: string;
let service: Service;
beforeAll(async () => {
  [stream, browser, origin] = await Promise.all([
    startStream(),
    launchBrowser(),
    startPageOrigin(),
  ]);
  service = await Service.start({
    env: {
      NATS_URL: stream.nats.url,
      STREAM_NAME: 'EVENTS',
      TOPIC_PREFIX: 'events.',
      COMPRESSION: 'gzip',
      SSE_RETRY: '100',
      HEARTBEAT_INTERVAL: '0.5',
      MAX_CONNECTION_AGE: '4',
    },
  });
});

it('an EventSource reads a compressed stream event by event, and resumes after its end', async () => {
  const context = await browser.newContext();
  const url = `${service.url}/events?topic=gzip`;
  const tabs = await Promise.all(Array.from({ length: 5 }, () => Tab.open(context, origin, url)));
  const encodings: (string | undefined)[] = [];
  const network = await context.newCDPSession((tabs[0] as Tab).page);
  await network.send('Network.enable');
  network.on('Network.responseReceivedExtraInfo', ({ headers }) => {
    const named = Object.entries(headers).map(([name, v]) => [name.toLowerCase(), v] as const);
    encodings.push(new Map(named).get('content-encoding'));
  });
  await Promise.all(tabs.map((tab) => tab.waitFor(1, 'connected')));
  let sent = 0;
  const publish = async (): Promise<void> => {
    sent += 1;
    await stream.publish('gzip', String(sent));
    await Promise.all(tabs.map((tab) => tab.waitFor(sent)));
  };
  for (let n = 0; n < 20; n++) await publish();
  // After the first connections reached their maximum age.
  await Promise.all(tabs.map((tab) => tab.waitFor(2, 'connected')));
  for (let n = 0; n < 20; n++) await publish();
  const expected = Array.from({ length: sent }, (_, index) => index + 1);
  for (const tab of tabs) {
    expect(await tab.payloads()).toEqual(expected);
    expect((await tab.seen()).states).not.toContain(2);
  }
  expect(encodings.length).toBeGreaterThan(0);
  expect(new Set(encodings)).toEqual(new Set(['gzip']));
  await context.close();
});

it('fetch receives the first frame at once', async () => {
  const tab = await Tab.open(await browser.newContext(), origin);
  const answer = await tab.fetchFirst(`${service.url}/events?topic=gzip`, {});
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('event: connected');
});
