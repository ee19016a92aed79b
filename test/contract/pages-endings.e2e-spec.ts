import { get, type IncomingMessage } from 'node:http';
import { SignJWT } from 'jose';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { until } from '../support/until.js';
import { type ContractStream, startApp, startStream } from './contract-app.js';

const KEY = 'k'.repeat(32);
const LARGE = 400;

interface Page {
  readonly messages: readonly { readonly id: string }[];
  readonly position: string;
  readonly more: boolean;
}

/** Forty megabytes: more than any socket buffers. */
async function startLarge(): Promise<ContractStream> {
  const stream = await startStream();
  for (let n = 0; n < LARGE; n++) await stream.publish('large', `"${'x'.repeat(100_000)}"`);
  return stream;
}

/** Requests a page without reading the body. */
function ask(app: NutsServer, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const url = `${app.url}/events?topic=large&start=all&limit=1000`;
  return new Promise((resolve, reject) => {
    get(url, { headers: { accept: 'application/json', ...headers }, agent: false }, resolve).on(
      'error',
      reject,
    );
  });
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A shortened page is still complete JSON, and the next one contains the rest. */
function expectCut(body: string): void {
  const page = JSON.parse(body) as Page;
  expect(page.more).toBe(true);
  expect(page.messages.length).toBeGreaterThan(0);
  expect(page.messages.length).toBeLessThan(LARGE);
  expect(page.messages.map(({ id }) => Number(id))).toEqual(page.messages.map((_, n) => n + 1));
  expect(page.position).toBe(page.messages.at(-1)?.id);
}

async function samples(app: NutsServer): Promise<string> {
  return (await fetch(`${app.url}/metrics`)).text();
}

it("ends when the client's token expires", async () => {
  const app = await startApp(await startLarge(), { SUBSCRIBER_JWT_KEY: KEY });
  const expiresAt = Math.ceil(Date.now() / 1000) + 1;
  const token = await new SignJWT({ subscribe: '>' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(KEY));
  const answer = await ask(app, { authorization: `Bearer ${token}` });
  expect(answer.statusCode).toBe(200);
  await until(() => Date.now() > (expiresAt + 1) * 1000);
  expectCut(await bodyOf(answer));
  await until(async () => /^nuts_pages_total\{.*result="cut".*\} 1$/m.test(await samples(app)));
  expect(await samples(app)).toMatch(/^nuts_active_connections 0$/m);
});

it('is completed while the service stops', async () => {
  const app = await startApp(await startLarge());
  const answer = await ask(app);
  const stopped = app.stop();
  expectCut(await bodyOf(answer));
  await stopped;
});

it('releases everything if the client disconnects in the middle', async () => {
  const stream = await startLarge();
  const app = await startApp(stream, { WINDOW_MAX_MESSAGES: '1' });
  const answers = await Promise.all([ask(app), ask(app), ask(app)]);
  for (const answer of answers) {
    await new Promise((resolve) => answer.once('data', resolve));
    answer.on('error', () => undefined).destroy();
  }
  await until(async () => {
    const text = await samples(app);
    return (
      /^nuts_active_connections 0$/m.test(text) &&
      /^nuts_shared_subscriptions 0$/m.test(text) &&
      /^nuts_replay_consumers\{.*\} 0$/m.test(text)
    );
  });
  expect(await samples(app)).toMatch(/^nuts_pages_total\{.*result="left".*\} 3$/m);
  await until(async () => (await stream.jsm.consumers.list('EVENTS').next()).length === 1);
});

it('counts a message that only pages could not deliver, once', async () => {
  const stream = await startStream();
  await stream.publish('a', 'x'.repeat(3000));
  for (let n = 0; n < 5; n++) await stream.publish('other', '1');
  const app = await startApp(stream, { WINDOW_MAX_MESSAGES: '1', MAX_EVENT_SIZE: '1000' });
  const url = `${app.url}/events?topic=a&start=all`;
  for (let n = 0; n < 2; n++) {
    await (await fetch(url, { headers: { accept: 'application/json' } })).json();
  }
  expect(await samples(app)).toMatch(
    /^nuts_messages_dropped_total\{.*reason="raw_payload".*\} 1$/m,
  );
});
