import { SignJWT } from 'jose';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type ContractStream, startStream } from '../contract/contract-app.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { launchBrowser, setCookie } from './browser.js';
import { startPageOrigin } from './page-origin.js';

const KEY = 'a secret that is long enough for HS256';
const COOKIE = 'session';

let stream: ContractStream;
let browser: Browser;
/** A different origin of the same site as the services: cookies are sent from it. */
let origin: string;
/** Does not allow the page's origin. */
let strict: Service;
/** Allows it. */
let listed: Service;
beforeAll(async () => {
  [stream, browser, origin] = await Promise.all([
    startStream(),
    launchBrowser(),
    startPageOrigin(),
  ]);
  const start = (allowed: string): Promise<Service> =>
    Service.start({
      env: {
        NATS_URL: stream.nats.url,
        STREAM_NAME: 'EVENTS',
        TOPIC_PREFIX: 'events.',
        PUBLISH: 'true',
        SUBSCRIBER_JWT_KEY: KEY,
        SUBSCRIBER_JWT_COOKIE: COOKIE,
        ALLOWED_ORIGINS: allowed,
      },
    });
  [strict, listed] = await Promise.all([start('https://app.example'), start(origin)]);
});

let context: BrowserContext;
let page: Page;
let before: number;
beforeEach(async () => {
  before = await lastSequence();
  context = await browser.newContext();
  const value = await new SignJWT({ publish: ['>'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('10m')
    .sign(new TextEncoder().encode(KEY));
  for (const { url } of [strict, listed]) await setCookie(context, url, COOKIE, value);
  page = await context.newPage();
  await page.goto(origin);
});
afterEach(() => context.close());

async function lastSequence(): Promise<number> {
  return (await stream.jsm.streams.info('EVENTS')).state.last_seq;
}

/** The status of the request that an action of the page sends, even if the page cannot read it. */
async function statusOf(url: string, act: () => Promise<unknown>): Promise<number> {
  const [response] = await Promise.all([
    context.waitForEvent('response', {
      predicate: (answer) => answer.url() === url && answer.request().method() === 'POST',
    }),
    act(),
  ]);
  return response.status();
}

/** Publish requests that a service has refused, from its metrics. */
async function refusals({ url }: Service): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nuts_publishes_total\{.*result="refused"\} (\d+)$/m.exec(metrics)?.[1]);
}

const text = JSON.stringify;

describe('a page of another origin, with the cookie of its user', () => {
  afterEach(async () => expect(await lastSequence()).toBe(before));

  it('cannot send a simple request, with or without a readable response', async () => {
    const url = `${strict.url}/events/evil`;
    const init = { method: 'POST', credentials: 'include', body: '{"n":1}' };
    const send = (mode: string): Promise<unknown> =>
      page.evaluate(`fetch(${text(url)}, ${text({ ...init, mode })}).then(() => 0)`);
    expect(await statusOf(url, () => send('no-cors'))).toBe(403);
    const refused = await refusals(strict);
    await expect(send('cors')).rejects.toThrow('Failed to fetch');
    await until(async () => (await refusals(strict)) === refused + 1, { what: 'the refusal' });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'cannot submit a form (%s)',
    async (type) => {
      const url = `${strict.url}/events?topic=evil`;
      const act = (): Promise<unknown> =>
        page.evaluate(`{
          const form = document.createElement('form');
          Object.assign(form, { method: 'post', enctype: ${text(type)}, action: ${text(url)} });
          form.append(Object.assign(document.createElement('input'), { name: '{"n":"', value: '"}' }));
          document.body.append(form);
          form.submit();
        }`);
      expect(await statusOf(url, act)).toBe(403);
    },
  );

  it('cannot send a beacon', async () => {
    const url = `${strict.url}/events/evil`;
    const act = (): Promise<unknown> => page.evaluate(`navigator.sendBeacon(${text(url)}, '1')`);
    expect(await statusOf(url, act)).toBe(403);
  });

  it('cannot publish from a sandboxed frame with the origin null, even if its page is allowed', async () => {
    const url = `${listed.url}/events/evil`;
    const init = { method: 'POST', mode: 'no-cors', credentials: 'include', body: '1' };
    const refused = await refusals(listed);
    await page.evaluate(`{
      const frame = document.createElement('iframe');
      frame.sandbox = 'allow-scripts';
      frame.srcdoc = '<script>fetch(' + ${text(text(url))} + ',' + ${text(text(init))} + ')</' + 'script>';
      document.body.append(frame);
    }`);
    await until(async () => (await refusals(listed)) === refused + 1, { what: 'the refusal' });
  });

  it('does not pass the preflight for other requests', async () => {
    const init = {
      method: 'POST',
      credentials: 'include',
      headers: { 'content-type': 'application/json' },
      body: '1',
    };
    const attempt = page.evaluate(`fetch(${text(`${strict.url}/events/evil`)}, ${text(init)})`);
    await expect(attempt).rejects.toThrow('Failed to fetch');
  });
});

describe('allowed to publish', () => {
  const publish = (url: string, headers: object): Promise<{ status: number; body: object }> =>
    page.evaluate(`fetch(${text(url)}, {
      method: 'POST', credentials: 'include', body: '{"n":1}', headers: ${text(headers)},
    }).then(async (answer) => ({ status: answer.status, body: await answer.json() }))`);

  it('is a page of an allowed origin, with its own key and type', async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'browser-1' };
    const id = String(before + 1);
    const first = await publish(`${listed.url}/events/mine`, headers);
    expect(first).toEqual({ status: 201, body: { id, topic: 'mine', duplicate: false } });
    const again = await publish(`${listed.url}/events/mine`, headers);
    expect(again).toEqual({ status: 200, body: { id, topic: 'mine', duplicate: true } });
  });

  it("is a page of the service's own origin", async () => {
    await page.goto(`${strict.url}/livez`);
    expect((await publish('/events/mine', {})).status).toBe(201);
  });
});
