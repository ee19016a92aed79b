import { readFile } from 'node:fs/promises';
import { SignJWT } from 'jose';
import type { Browser, BrowserContext } from 'playwright-core';
import { type ContractStream, startStream } from '../contract/contract-app.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { launchBrowser, setCookie } from './browser.js';
import { startPageOrigin } from './page-origin.js';
import { Tab } from './tab.js';

const KEY = 'a secret that is long enough for HS256';
const COOKIE = 'session';

let stream: ContractStream;
let browser: Browser;
let origin: string;
beforeAll(async () => {
  [stream, browser, origin] = await Promise.all([
    startStream(),
    launchBrowser(),
    startPageOrigin(),
  ]);
});

let context: BrowserContext;
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(() => context.close());

function start(env: Readonly<Record<string, string>>): Promise<Service> {
  const nats = { NATS_URL: stream.nats.url, STREAM_NAME: 'EVENTS', TOPIC_PREFIX: 'events.' };
  return Service.start({ env: { ...nats, SSE_RETRY: '100', TRANSIENT_RETRY: '1', ...env } });
}

/** A token for every topic. */
function sign(lifetimeSeconds = 600): Promise<string> {
  return new SignJWT({ subscribe: ['>'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(Math.floor(Date.now() / 1000) + lifetimeSeconds)
    .sign(new TextEncoder().encode(KEY));
}

/** Number of open streams, from the service's metrics. */
async function openStreams(service: Service): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  const values = text.matchAll(/^nuts_active_connections(?:{[^}]*})? (\d+)$/gm);
  return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
}

describe('a token in a cookie', () => {
  let listed: Service;
  let everybody: Service;
  beforeAll(async () => {
    const keys = { SUBSCRIBER_JWT_KEY: KEY, SUBSCRIBER_JWT_COOKIE: COOKIE };
    [listed, everybody] = await Promise.all([
      start({ ...keys, ALLOWED_ORIGINS: origin }),
      start({ ...keys, ALLOWED_ORIGINS: '*', ALLOWED_HEADERS: 'Last-Event-ID' }),
    ]);
  });

  it('opens the stream for a page of an allowed origin that sends its cookies', async () => {
    await setCookie(context, listed.url, COOKIE, await sign());
    const url = `${listed.url}/events?topic=mine`;
    const tab = await Tab.open(context, origin, url, { credentials: true });
    await tab.waitFor(1, 'connected');
    await stream.publish('mine', '1');
    await tab.waitFor(1);
    expect(await tab.payloads()).toEqual([1]);
  });

  it('is not sent by a page without credentials: refused for good', async () => {
    await setCookie(context, listed.url, COOKIE, await sign());
    const tab = await Tab.open(context, origin, `${listed.url}/events?topic=mine`);
    await tab.closed();
    expect(await tab.seen()).toEqual({ events: [], opens: 0, states: [2] });
  });

  it('does not open the stream if every origin is allowed', async () => {
    await setCookie(context, everybody.url, COOKIE, await sign());
    const url = `${everybody.url}/events?topic=mine`;
    const tab = await Tab.open(context, origin, url, { credentials: true });
    await tab.closed();
    expect(await tab.seen()).toEqual({ events: [], opens: 0, states: [2] });
    await until(async () => (await openStreams(everybody)) === 0, { what: 'the slot to be free' });
  });

  it('that expires ends the stream; a new one continues it, without one it is refused', async () => {
    await setCookie(context, listed.url, COOKIE, await sign(4));
    const url = `${listed.url}/events?topic=expiring`;
    const tab = await Tab.open(context, origin, url, { credentials: true });
    await tab.waitFor(1, 'connected');
    await stream.publish('expiring', '1');
    await setCookie(context, listed.url, COOKIE, await sign(9));
    await until(async () => (await tab.seen()).states.length > 0, { what: 'the expiry' });
    await stream.publish('expiring', '2');
    await tab.waitFor(2);
    expect(await tab.payloads()).toEqual([1, 2]);
    await tab.closed();
    expect((await tab.seen()).states).toEqual([0, 0, 2]);
  });

  it('renewed at the expiring event leaves no gap between events, over three expiries', async () => {
    const service = await start({
      SUBSCRIBER_JWT_KEY: KEY,
      SUBSCRIBER_JWT_COOKIE: COOKIE,
      ALLOWED_ORIGINS: origin,
      // The defaults, with which an outage takes 2.5 to 7.5 s.
      SSE_RETRY: '',
      TRANSIENT_RETRY: '',
    });
    const LIFE_SECONDS = 5;
    await setCookie(context, service.url, COOKIE, await sign(LIFE_SECONDS));
    const url = `${service.url}/events?topic=renewed`;
    const page = await context.newPage();
    await page.exposeFunction('renew', async () =>
      setCookie(context, service.url, COOKIE, await sign(LIFE_SECONDS)),
    );
    await page.goto(origin);
    await page.evaluate(`
      Object.assign(window, { arrivals: [], connected: [] });
      window.renewing = new EventSource(${JSON.stringify(url)}, { withCredentials: true });
      renewing.addEventListener('expiring', () => renew());
      renewing.addEventListener('connected', () => connected.push(performance.now()));
      renewing.addEventListener('message', ({ data }) =>
        arrivals.push({ at: performance.now(), n: JSON.parse(data).payload }));
    `);
    const connections = (): Promise<number> => page.evaluate('connected.length');
    await until(async () => (await connections()) === 1, { what: 'the stream' });
    let sent = 0;
    const publishing = setInterval(() => void stream.publish('renewed', String(++sent)), 50);
    try {
      await until(async () => (await connections()) === 4, {
        what: 'three expiries',
        timeoutMs: 50_000,
      });
    } finally {
      clearInterval(publishing);
    }
    type Arrival = { at: number; n: number };
    const arrivals = await until(async () => {
      const all = await page.evaluate<Arrival[]>('arrivals');
      return all.length >= sent && all;
    });
    expect(arrivals.map(({ n }) => n)).toEqual(Array.from({ length: sent }, (_, i) => i + 1));
    const gaps = arrivals.slice(1).map(({ at }, i) => at - (arrivals[i]?.at ?? at));
    expect(Math.max(...gaps)).toBeLessThan(1_500);
    expect(await page.evaluate('renewing.readyState')).toBe(1);
  });

  it('is renewed after a 401 as described in docs/access.md, and the page misses nothing', async () => {
    const page = await context.newPage();
    let renewals = 0;
    await page.exposeFunction('renew', async () => {
      renewals += 1;
      await setCookie(context, listed.url, COOKIE, await sign());
      return true;
    });
    await page.goto(origin);
    const docs = await readFile('docs/access.md', 'utf8');
    const recipe = /```js\n(\/\*\* Listens to a hub;[^]*?)```/.exec(docs)?.[1] ?? '';
    const url = JSON.stringify(`${listed.url}/events?topic=recipe&last-id=0`);
    await page.evaluate(`${recipe.replace('export ', '')}
      window.payloads = [];
      listen(${url}, ({ data }) => payloads.push(JSON.parse(data).payload), renew);
    `);
    const payloads = (count: number): Promise<unknown> =>
      until(async () => {
        const all = await page.evaluate<unknown[]>('payloads');
        return all.length >= count && all;
      });
    await stream.publish('recipe', '1');
    await payloads(1);
    expect(renewals).toBe(1);
    // The session has ended, and so has the stream.
    await context.clearCookies();
    await setCookie(context, listed.url, COOKIE, await sign(-1));
    listed.signal('SIGTERM');
    await listed.exited;
    listed = await start({
      SUBSCRIBER_JWT_KEY: KEY,
      SUBSCRIBER_JWT_COOKIE: COOKIE,
      ALLOWED_ORIGINS: origin,
      PORT: new URL(listed.url).port,
    });
    await stream.publish('recipe', '2');
    expect(await payloads(2)).toEqual([1, 2]);
    expect(renewals).toBe(2);
  });

  it('is overridden by the Authorization header of a script, if the preflight allows it', async () => {
    const authorization = `Bearer ${await sign()}`;
    const tab = await Tab.open(context, origin);
    const init = { headers: { authorization } };
    const answer = await tab.fetchFirst(`${listed.url}/events?topic=mine`, init);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('event: connected');
    // `Authorization` is not among the allowed headers there.
    const refused = tab.fetchFirst(`${everybody.url}/events?topic=mine`, init);
    await expect(refused).rejects.toThrow('Failed to fetch');
  });
});

describe('a page of an origin that is not allowed', () => {
  it('gets nothing', async () => {
    const service = await start({ ALLOWED_ORIGINS: 'https://app.example' });
    const tab = await Tab.open(context, origin, `${service.url}/events?topic=mine`);
    await tab.closed();
    expect(await tab.seen()).toEqual({ events: [], opens: 0, states: [2] });
  });
});

describe('a service at its connection limit', () => {
  it('gives a second tab retry streams until the first is closed', async () => {
    const service = await start({ MAX_CONNECTIONS: '1' });
    const url = `${service.url}/events?topic=full`;
    const first = await Tab.open(context, origin, url);
    await first.waitFor(1, 'connected');
    const second = await Tab.open(context, origin, url);
    await until(async () => (await second.seen()).opens >= 2, { what: 'two retry streams' });
    expect((await second.seen()).events).toEqual([]);

    const answer = await second.fetchFirst(url, { headers: { accept: 'application/json' } });
    expect(answer.status).toBe(429);
    expect(Number(answer.retryAfter)).toBeGreaterThan(0);

    await first.page.close();
    await second.waitFor(1, 'connected');
    await stream.publish('full', '1');
    await second.waitFor(1);
    expect((await second.seen()).states).not.toContain(2);
  });
});
