import { createHmac } from 'node:crypto';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { readMetrics } from './metrics-reader.js';
import { Rig } from './rig.js';

const KEY = 'a key of more than thirty-two bytes, for tests only';
/** More than the kernels of both sides buffer for a reader that does not read. */
const BACKLOG = 24_000;
const PAYLOAD = `"${'x'.repeat(1000)}"`;

describe('readers that stall during their replay', () => {
  const start = (env: Readonly<Record<string, string>> = {}): Promise<Rig> =>
    Rig.start({
      env: { WINDOW_MAX_MESSAGES: '50', WRITE_TIMEOUT: '60', ...env },
      prepare: (broker) => broker.fill(BACKLOG, () => 'events.a', PAYLOAD),
    });

  const stalled = async (rig: Rig, count: number, token = ''): Promise<RawSse[]> => {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` };
    const url = `${rig.service.url}/events?topic=a&last-id=1`;
    const streams = await Promise.all(
      Array.from({ length: count }, () => RawSse.open(url, { headers, paused: true })),
    );
    await until(async () => isSteady(await delivered(rig)), { timeoutMs: 20_000, everyMs: 150 });
    return streams;
  };

  let lastDelivered = -1;
  /** Nothing more is delivered: all buffers are full. */
  const isSteady = (count: number): boolean => {
    const steady = count > 100 && count === lastDelivered;
    lastDelivered = count;
    return steady;
  };
  const delivered = async (rig: Rig): Promise<number> =>
    (await readMetrics(rig.service.url)).get('nuts_messages_delivered_total') ?? 0;
  const connections = async (rig: Rig): Promise<number | undefined> =>
    (await readMetrics(rig.service.url)).get('nuts_active_connections');

  it('hold no slot: with more of them than slots, a new replay starts at once', async () => {
    const rig = await start();
    const streams = await stalled(rig, 24);
    const asked = performance.now();
    const fresh = await RawSse.open(`${rig.service.url}/events?topic=a&last-id=9000`);
    await fresh.waitForEvents(2);
    // Not when the first of them is given up, after a minute.
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(fresh.events[1]?.id).toBe('9001');
    await fresh.waitForEvents(5000);
    expect(fresh.events.slice(1, 5000).map(({ id }) => id)).toEqual(ids(9001, 4999));
    fresh.abort();
    // And a stalled one that begins to read again misses nothing.
    const [revived] = streams as [RawSse];
    revived.resume();
    await revived.waitForEvents(BACKLOG, { timeoutMs: 20_000 });
    expect(revived.events.slice(1).map(({ id }) => id)).toEqual(ids(2, BACKLOG - 1));
    for (const stream of streams) stream.abort();
    await until(async () => (await connections(rig)) === 0);
    await until(async () => (await rig.broker.consumers()).length === 1);
  }, 60_000);

  it('are closed when their token expires', async () => {
    const rig = await start({ SUBSCRIBER_JWT_KEY: KEY, WRITE_TIMEOUT: '1.5' });
    const expires = Math.ceil(Date.now() / 1000) + 2;
    const streams = await stalled(rig, 2, token({ subscribe: '>', exp: expires }));
    await until(async () => (await connections(rig)) === 0);
    for (const stream of streams) stream.resume();
    for (const stream of streams) expect(await stream.ended()).toBe('cut');
    expect(streams[0]?.events.slice(1, 1000).map(({ id }) => id)).toEqual(ids(2, 999));
    expect(await rig.broker.consumers()).toHaveLength(1);
  });

  it('are closed when the stream is recreated', async () => {
    const rig = await start({ WRITE_TIMEOUT: '1.5' });
    await stalled(rig, 2);
    await rig.broker.manager.streams.delete('EVENTS');
    await rig.broker.createStream();
    await until(async () => (await connections(rig)) === 0);
    const metrics = await readMetrics(rig.service.url);
    expect(metrics.get('nuts_replay_consumers')).toBe(0);
  });

  it('do not prevent a process from ending', async () => {
    const rig = await start({ WRITE_TIMEOUT: '1.5', DRAIN_WINDOW: '0.2' });
    const streams = await stalled(rig, 2);
    const asked = performance.now();
    expect(await rig.service.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(12_000);
    for (const stream of streams) stream.resume();
    for (const stream of streams) expect(await stream.ended()).toBe('cut');
    expect(await rig.broker.consumers()).toHaveLength(0);
  });
});

function ids(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(from + i));
}

function token(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', KEY).update(signed).digest('base64url')}`;
}
