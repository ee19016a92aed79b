import type { Browser, Page, Request } from 'playwright-core';
import { type ContractStream, startStream } from '../contract/contract-app.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { launchBrowser } from './browser.js';
import { serveBundledPage } from './bundled-page.js';
import type { HooksRig } from './pages/hooks-page.js';

const SCRIPT = 'test/browser/pages/hooks-page.ts';

let stream: ContractStream;
let browser: Browser;
let service: Service;
beforeAll(async () => {
  [stream, browser] = await Promise.all([startStream(), launchBrowser()]);
  const env = { NATS_URL: stream.nats.url, STREAM_NAME: 'EVENTS', TOPIC_PREFIX: 'events.' };
  service = await Service.start({ env });
});

describe.each([
  ['18', { react: 'react-18', 'react-dom': 'react-dom-18' }],
  ['19', {}],
])('the hooks in Chromium, on React %s', (major, alias) => {
  let origin: string;
  let page: Page;
  let streams: Request[];
  let problems: string[];
  let topic: string;
  let count = 0;
  beforeAll(async () => {
    origin = await serveBundledPage(SCRIPT, alias);
  });
  beforeEach(async () => {
    topic = `react-${major}-${(count += 1)}`;
    page = await browser.newPage();
    [streams, problems] = [[], []];
    page.on('request', (request) => {
      if (request.headers()['accept'] === 'text/event-stream') streams.push(request);
    });
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('console', (line) => {
      if (line.type() === 'error') problems.push(line.text());
    });
    await page.goto(origin);
    await until(() => page.evaluate<boolean>('Boolean(globalThis.rig)'));
    expect(await look((rig) => rig.react.split('.')[0])).toBe(major);
  });
  afterEach(async () => {
    await page.close();
    await until(async () => (await connections()) === 0, { what: 'all connections to go' });
  });

  const look = <Value>(read: (rig: HooksRig) => Value): Promise<Value> =>
    page.evaluate(`(${read.toString()})(globalThis.rig)`);
  const call = (method: string, ...args: unknown[]): Promise<void> =>
    page.evaluate(`void rig.${method}(...${JSON.stringify(args)})`);
  const events = (): string => `${service.url}/events`;
  const connections = async (): Promise<number> => {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    return Number(/^nuts_active_connections(?:\{.*\})? (\d+)$/m.exec(text)?.[1]);
  };
  const lastPayload = (): Promise<number | undefined> => look((rig) => rig.seen?.last?.payload);
  const isLive = (): Promise<boolean> => until(() => look((rig) => Boolean(rig.seen?.isLive)));

  it('open one connection in StrictMode, whatever is rendered again with inline options', async () => {
    await stream.publish(topic, '1');
    await call('mount', events(), [topic], true);
    await isLive();
    for (let n = 0; n < 5; n += 1) await call('mount', events(), [topic], true);
    await stream.publish(topic, '2');
    await until(async () => (await lastPayload()) === 2);
    expect(await look((rig) => rig.seen?.messages.map(({ payload }) => payload))).toEqual([1, 2]);
    await until(async () => (await look((rig) => Object.values(rig.last)))[0] === 2);
    expect(streams).toHaveLength(1);
    expect(await connections()).toBe(1);

    await call('unmount');
    await until(async () => (await connections()) === 0);
    expect(await look((rig) => rig.state)).toBe('closed');
    expect(problems).toEqual([]);
  });

  it('change topics over one connection, and keep the remaining ones', async () => {
    const other = `${topic}-other`;
    await stream.publish(topic, '1');
    await stream.publish(other, '2');
    await call('mount', events(), [topic], true);
    await isLive();
    await call('mount', events(), [topic, other], true);
    await until(async () => (await look((rig) => Object.keys(rig.last))).length === 2);
    await until(async () => (await look((rig) => rig.seen?.messages.length)) === 2);
    await until(async () => (await connections()) === 1);
    expect(problems).toEqual([]);
  });

  it('close their connection if they are unmounted while connecting', async () => {
    let asked = 0;
    let answer: (value?: unknown) => void = () => undefined;
    const held = new Promise((resolve) => (answer = resolve));
    await page.route(`${service.url}/**`, async (route) => {
      asked += 1;
      await held;
      await route.continue().catch(() => undefined);
    });
    await call('mount', events(), [topic], true);
    await until(() => asked > 0);
    await call('unmount');
    await until(async () => (await look((rig) => rig.state)) === 'closed');
    answer();
    await until(() => streams.every((request) => request.failure() !== null));
    expect(await connections()).toBe(0);
    expect(problems.filter((text) => !text.includes('Failed to load'))).toEqual([]);
  });

  it('hydrate server-rendered HTML', async () => {
    await stream.publish(topic, '7');
    await call('hydrate', events(), [topic]);
    await until(async () => (await page.innerText('#root')) === '1 messages, last 7');
    expect(await look((rig) => rig.hydrationErrors)).toBe(0);
    expect(streams).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('render at most once per frame, however many messages arrive', async () => {
    await call('mount', events(), [topic], false);
    await isLive();
    await page.evaluate(
      `new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) (globalThis.longTasks ??= []).push(duration);
      }).observe({ type: 'longtask' })`,
    );
    const before = await look((rig) => [rig.renders, rig.frames] as const);
    const began = performance.now();
    const MESSAGES = 2_000;
    for (let sent = 0; sent < MESSAGES; sent += 20) {
      for (let n = sent + 1; n <= sent + 20; n += 1) void stream.publish(topic, String(n));
      // About 1 000 per second.
      await until(() => performance.now() - began > sent, { everyMs: 5 });
    }
    await until(async () => (await lastPayload()) === MESSAGES);
    const after = await look((rig) => [rig.renders, rig.frames] as const);
    const [renders, frames] = [after[0] - before[0], after[1] - before[1]];
    expect(await look((rig) => rig.seen?.messages.length)).toBe(50);
    expect(renders).toBeGreaterThan(5);
    // Updates do not wait for a frame that takes longer than 250 ms.
    expect(renders).toBeLessThanOrEqual(frames + 20);
    const longTasks = await page.evaluate<number[]>('globalThis.longTasks ?? []');
    process.stdout.write(
      `React ${major}: ${MESSAGES} messages, ${renders} renders, ${frames} frames, ` +
        `tasks above 50 ms: ${JSON.stringify(longTasks)}\n`,
    );
    expect(problems).toEqual([]);
  });
});
