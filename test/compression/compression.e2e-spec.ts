import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { type ContractStream, startApp, startStream } from '../contract/contract-app.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { GzipClient } from './gzip-client.js';

const KEY = 'a secret that is long enough for HS256';

let stream: ContractStream;
let app: NutsServer;
beforeAll(async () => {
  stream = await startStream();
  app = await startApp(stream, {
    COMPRESSION: 'gzip',
    HEARTBEAT_INTERVAL: '0.5',
    WINDOW_MAX_MESSAGES: '50',
    MAX_EVENT_SIZE: '20000',
  });
});

const open = (path: string, headers?: Record<string, string>): Promise<GzipClient> =>
  GzipClient.open(app.url + path, headers);

async function metric(series: string): Promise<number> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1));
}

describe('negotiation (contract §13)', () => {
  it.each([
    ['gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'gzip'],
    ['br, *;q=0.1', 'gzip'],
    ['gzip;q=0', undefined],
    ['gzip;q=0, *', undefined],
    ['deflate, br', undefined],
    ['identity', undefined],
    ['', undefined],
  ])('Accept-Encoding %j: %s', async (accepted, encoding) => {
    const stream = await RawSse.open(`${app.url}/events?topic=a`, {
      headers: { accept: 'text/event-stream', 'accept-encoding': accepted },
      paused: true,
    });
    expect(stream.headers['content-encoding']).toBe(encoding);
    expect(stream.headers.vary).toMatch(/accept-encoding/i);
    expect(stream.headers['content-type']).toBe('text/event-stream');
    expect(stream.headers['cache-control']).toContain('no-transform');
    stream.abort();
  });

  it('is disabled by default', async () => {
    const plain = await startApp(stream);
    const client = await RawSse.open(`${plain.url}/events?topic=a`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    await client.waitForEvents(1);
    expect(client.headers['content-encoding']).toBeUndefined();
    expect(client.headers.vary ?? '').not.toMatch(/accept-encoding/i);
  });

  it('does not apply to refusals, retry streams, probes and other methods', async () => {
    const full = await startApp(stream, { COMPRESSION: 'gzip', MAX_CONNECTIONS: '1' });
    const first = await GzipClient.open(`${full.url}/events?topic=a`);
    await first.frame(({ event }) => event === 'connected');
    const gzip = { 'accept-encoding': 'gzip' };
    const ask = (path: string, headers = {}, method = 'GET'): Promise<RawSse> =>
      RawSse.open(full.url + path, { method, headers: { ...gzip, ...headers } });
    const answers = await Promise.all([
      ask('/events?topic=a', { accept: 'text/event-stream', 'last-event-id': '3' }),
      ask('/events?topic=a'),
      ask('/events'),
      ask('/events?topic=a', {}, 'HEAD'),
      ask('/readyz'),
    ]);
    await Promise.all(answers.map((answer) => answer.ended()));
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 400, 405, 200]);
    for (const { headers } of answers) expect(headers['content-encoding']).toBeUndefined();
    expect(answers[0]?.body).toMatch(/^: Too many concurrent connections\nid: 3\nretry: \d+\n\n$/);
    expect(answers[1]?.body).toContain('"statusCode":429');
  });
});

describe('each frame is readable when it arrives', () => {
  it('connected, single live messages, gaps, heartbeats', async () => {
    const client = await open('/events?topic=live');
    const connected = await client.frame(({ event }) => event === 'connected');
    expect(connected.data).toBe('{"topics":["live"],"recovery":"live"}');
    for (let n = 0; n < 5; n++) {
      const sequence = await stream.publish('live', JSON.stringify({ n }));
      const frame = await client.frame(({ id }) => id === String(sequence));
      expect(frame.data).toContain(`"payload":{"n":${n}}`);
    }
    const large = await stream.publish('live', 'x'.repeat(30_000));
    const gap = await client.frame(({ event }) => event === 'gap');
    expect(gap.id).toBe(String(large));
    const heartbeat = await client.frame(({ comment }) => /^heartbeat/.test(comment ?? ''));
    expect(heartbeat.id).toBe(String(large));
    const after = await stream.publish('live', '"after"');
    await client.frame(({ id, data }) => id === String(after) && data !== undefined);
    expect(client.broken).toBeUndefined();
    client.abort();
  });

  it('a replay from JetStream, messages from memory, and the live messages after them', async () => {
    const sent: number[] = [];
    const publish = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) {
        // Some of it cannot be compressed.
        const noise = n % 7 === 0 ? randomBytes(6_000).toString('base64') : 'even';
        sent.push(await stream.publish('deep', JSON.stringify({ n, noise })));
      }
    };
    await publish(120);
    const before = (sent[0] ?? 0) - 1;
    const [deep, near] = await Promise.all(
      [before, sent[99]].map((id) => open(`/events?topic=deep&last-id=${id}`)),
    );
    await publish(20);
    await Promise.all([deep?.waitForMessages(140), near?.waitForMessages(40)]);
    expect(deep?.ids).toEqual(sent);
    expect(near?.ids).toEqual(sent.slice(100));
    expect(deep?.frames[0]?.data).toContain('"recovery":"resumed"');
    expect(Buffer.concat(deep?.wire ?? []).length).toBeLessThan(deep?.decoded.length ?? 0);
    for (const client of [deep, near]) client?.abort();
    await until(async () => (await metric('nuts_active_connections')) === 0);
  });
});

describe('an orderly end closes the gzip member with a correct trailer', () => {
  it('a token that expires, with its announcement', async () => {
    const guarded = await startApp(stream, { COMPRESSION: 'gzip', SUBSCRIBER_JWT_KEY: KEY });
    const token = await new SignJWT({ subscribe: '>', exp: Date.now() / 1000 + 3 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(KEY));
    const client = await GzipClient.open(`${guarded.url}/events?topic=a`, {
      authorization: `Bearer ${token}`,
    });
    await client.frame(({ event }) => event === 'connected');
    await stream.publish('a', '1');
    await client.frame(({ event }) => event === 'message');
    await client.frame(({ event }) => event === 'expiring');
    expect(await client.ended()).toBe('end');
    expect(client.whole()).toBe(client.decoded);
    expect(client.frames.at(-1)?.comment).toBe('token expired');
  });

  it('the reset of a recreated stream', async () => {
    await stream.jsm.streams.add({ name: 'SHORT', subjects: ['short.>'] });
    const short = await startApp(stream, {
      COMPRESSION: 'gzip',
      STREAM_NAME: 'SHORT',
      TOPIC_PREFIX: 'short.',
    });
    const client = await GzipClient.open(`${short.url}/events?topic=a`);
    await client.frame(({ event }) => event === 'connected');
    await stream.js.publish('short.a', '1');
    await client.frame(({ event }) => event === 'message');
    await stream.jsm.streams.delete('SHORT');
    await stream.jsm.streams.add({ name: 'SHORT', subjects: ['short.>'] });
    const reset = await client.frame(({ event }) => event === 'reset', 20_000);
    expect(reset.data).toBe('{"reason":"stream_recreated"}');
    expect(await client.ended()).toBe('end');
    expect(client.whole()).toBe(client.decoded);
  });

  it('the limit of a replay, and a drain', async () => {
    const capped = await startApp(stream, { COMPRESSION: 'gzip', REPLAY_MAX_MESSAGES: '10' });
    const before = (await stream.publish('capped', '0')) - 1;
    for (let n = 1; n < 15; n++) await stream.publish('capped', String(n));
    const replay = await GzipClient.open(`${capped.url}/events?topic=capped&last-id=${before}`);
    expect(await replay.ended()).toBe('end');
    expect(replay.ids).toHaveLength(10);
    expect(replay.whole()).toBe(replay.decoded);
    const drained = await GzipClient.open(`${capped.url}/events?topic=capped`);
    await drained.frame(({ event }) => event === 'connected');
    await capped.stop();
    expect(await drained.ended()).toBe('end');
    expect(drained.whole()).toBe(drained.decoded);
    expect(drained.frames.at(-1)?.retry).toBeGreaterThan(0);
  });
});

describe('one channel for clients with and without compression', () => {
  it('sends both the same bytes, and counts them before and after compression', async () => {
    const series = (name: string, encoding: string): string =>
      `nuts_sent_${name}_total{hub="/events",encoding="${encoding}"}`;
    const sizes = (): Promise<number[]> =>
      Promise.all([metric(series('bytes', 'gzip')), metric(series('plain_bytes', 'gzip'))]);
    const before = await sizes();
    const [plain, ...compressed] = await Promise.all([
      RawSse.open(`${app.url}/events?topic=mixed`),
      ...Array.from({ length: 6 }, () => open('/events?topic=mixed')),
    ]);
    await plain.waitForEvents(1);
    await Promise.all(
      compressed.map((client) => client.frame(({ event }) => event === 'connected')),
    );
    await until(async () => (await metric('nuts_shared_subscriptions')) === 1);
    const sent: string[] = [];
    for (let n = 0; n < 60; n++) {
      const payload = JSON.stringify({ n, bid: 1.07 + n / 1e4, name: 'a name that comes again' });
      sent.push(String(await stream.publish('mixed', payload)));
    }
    const messages = (frames: typeof plain.frames): string[] =>
      frames.filter(({ event }) => event === 'message').map(({ raw }) => raw);
    await until(() => messages(plain.frames).length >= 60);
    await Promise.all(compressed.map((client) => client.waitForMessages(60)));
    for (const client of compressed) {
      expect(messages(client.frames)).toEqual(messages(plain.frames));
      expect(client.frames.filter(({ event }) => event === 'message').map(({ id }) => id)).toEqual(
        sent,
      );
    }
    const wire = Buffer.concat(compressed[0]?.wire ?? []).length;
    expect(wire * 1.5).toBeLessThan(compressed[0]?.decoded.length ?? 0);
    const [wireBytes = 0, plainBytes = 0] = (await sizes()).map(
      (size, i) => size - (before[i] ?? 0),
    );
    expect(wireBytes).toBeGreaterThan(0);
    expect(plainBytes).toBeGreaterThan(wireBytes * 1.5);
    expect(await metric(series('bytes', 'identity'))).toBe(
      await metric(series('plain_bytes', 'identity')),
    );
    plain.abort();
    for (const client of compressed) client.abort();
    await until(async () => (await metric('nuts_active_connections')) === 0);
  });

  it('does not delay others for a client that reads nothing, and loses nothing for that client', async () => {
    const [slow, quick] = await Promise.all([1, 2].map(() => open('/events?topic=stalled')));
    await slow?.frame(({ event }) => event === 'connected');
    await quick?.frame(({ event }) => event === 'connected');
    slow?.pause();
    const sent: number[] = [];
    const noise = (): string => randomBytes(9_000).toString('base64');
    for (let n = 0; n < 900; n++) sent.push(await stream.publish('stalled', `"${noise()}"`));
    await quick?.waitForMessages(900);
    expect(slow?.messages.length).toBeLessThan(900);
    slow?.resume();
    await slow?.waitForMessages(900);
    expect(slow?.ids).toEqual(sent);
    expect(quick?.ids).toEqual(sent);
  });
});
