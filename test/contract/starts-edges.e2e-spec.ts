import { EventSourceClient } from '../support/event-source.js';
import { RawSse } from '../support/raw-sse.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { startApp, startStream, type ContractStream } from './contract-app.js';

let stream: ContractStream;
beforeEach(async () => {
  stream = await startStream();
});

/** The events of a stream up to `event: live`. */
async function untilLive(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawSse> {
  const client = await RawSse.open(url, { headers: { accept: 'text/event-stream', ...headers } });
  await client.frame(({ event }) => event === 'live');
  return client;
}

/** Each event as `name id`, an initial value with its sequence. */
function told(client: RawSse): string[] {
  return client.events.map(({ event, id, data }) => {
    const { sequence } = JSON.parse(data ?? '{}') as { sequence?: number };
    return `${event ?? ''} ${id ?? `(${sequence ?? ''})`}`;
  });
}

const recoveryOf = (client: RawSse): unknown =>
  (JSON.parse(client.events[0]?.data ?? '{}') as { recovery?: string }).recovery;

describe('the requested start', () => {
  it('resumes from a cursor, whatever the start is', async () => {
    for (let i = 0; i < 4; i++) await stream.publish('a', '{}');
    const { url } = await startApp(stream);
    for (const start of ['last', 'last:1', 'all', 'PT1H', '2999-01-01T00:00:00Z']) {
      const byQuery = await untilLive(`${url}/events?topic=a&start=${start}&last-id=2`);
      const byHeader = await untilLive(`${url}/events?topic=a&start=${start}&last-id=1`, {
        'last-event-id': '2',
      });
      for (const client of [byQuery, byHeader]) {
        expect(told(client)).toEqual(['connected 2', 'message 3', 'message 4', 'live 4']);
        expect(recoveryOf(client)).toBe('resumed');
      }
    }
  });

  it('ignores an empty start, uses the first of several, and treats a time in the future as live', async () => {
    await stream.publish('a', '{}');
    const { url } = await startApp(stream);
    for (const query of ['start=', 'start=&start=all', 'start=live&start=all']) {
      const client = await RawSse.open(`${url}/events?topic=a&${query}`);
      await client.waitForEvents(1);
      expect([told(client), recoveryOf(client)]).toEqual([['connected 1'], 'live']);
    }
    const first = await untilLive(`${url}/events?topic=a&start=all&start=live`);
    expect(told(first)).toEqual(['connected 0', 'message 1', 'live 1']);
    const future = await untilLive(`${url}/events?topic=a&start=2999-01-01T00:00:00%2B02:00`);
    expect([told(future), recoveryOf(future)]).toEqual([['connected 1', 'live 1'], 'live']);
    for (const wrong of ['2026-02-29T00:00:00Z', 'P1M', 'last:0', 'last:10001', 'LAST']) {
      const refused = await fetch(`${url}/events?topic=a&start=${wrong}&last-id=1`);
      expect([refused.status, await refused.text()]).toEqual([
        400,
        expect.stringContaining('Invalid start'),
      ]);
    }
  });

  it('starts an empty stream at 0', async () => {
    const { url } = await startApp(stream);
    for (const [start, id] of [
      ['all', '0'],
      ['last:5', '0'],
      ['PT1H', '0'],
      ['last', ''],
    ] as const) {
      const client = await untilLive(`${url}/events?topic=a&start=${start}`);
      expect(told(client)).toEqual([`connected ${id}`, 'live 0']);
    }
    const waiting = await untilLive(`${url}/events?topic=a&start=last`);
    await stream.publish('a', '{}');
    await waiting.waitForEvents(3);
    expect(told(waiting)[2]).toBe('message 1');
  });
});

describe('initial values', () => {
  it.each([
    ['memory', '8192'],
    ['JetStream', '0'],
  ])('are sent once if patterns overlap: %s', async (_, kept) => {
    for (const topic of ['a.b', 'a.c', 'b.b', 'a.b', 'c.c']) await stream.publish(topic, '{}');
    for (let i = 0; i < 3; i++) await stream.publish('other', '{}');
    const { url } = await startApp(stream, {
      ALLOW_WILDCARDS: 'true',
      WINDOW_MAX_MESSAGES: '2',
      LAST_VALUES_MAX_MESSAGES: kept,
    });
    const client = await untilLive(`${url}/events?topic=a.*&topic=a.b&topic=*.b&start=last`);
    await stream.publish('a.b', '{}');
    await client.waitForEvents(6);
    expect(told(client)).toEqual([
      'connected ',
      'message (2)',
      'message (3)',
      'message (4)',
      'live 8',
      'message 9',
    ]);
  });

  it('are one state: replay_max_messages limits only history', async () => {
    for (let i = 0; i < 6; i++) await stream.publish(`t${i}`, '{}');
    const topics = Array.from({ length: 6 }, (_, i) => `topic=t${i}`).join('&');
    const { url } = await startApp(stream, { REPLAY_MAX_MESSAGES: '2' });
    const client = await untilLive(`${url}/events?${topics}&start=last`);
    await stream.publish('t1', '{}');
    await client.waitForEvents(9);
    expect(told(client)).toEqual([
      'connected ',
      ...[1, 2, 3, 4, 5, 6].map((sequence) => `message (${sequence})`),
      'live 6',
      'message 7',
    ]);
    const cut = await RawSse.open(`${url}/events?${topics}&start=all`);
    await cut.ended();
    expect(told(cut)).toEqual(['connected 0', 'message 1', 'message 2']);
  });

  it('exclude messages older than replay_window, as the other starts do', async () => {
    await stream.publish('old', '{}');
    await stream.publish('both', '{}');
    const storedAt = Date.now();
    await until(() => Date.now() - storedAt > 1200);
    await stream.publish('both', '{}');
    await stream.publish('new', '{}');
    for (const kept of ['8192', '0']) {
      const { url } = await startApp(stream, {
        REPLAY_WINDOW: '1',
        WINDOW_MAX_MESSAGES: kept === '0' ? '1' : '8192',
        LAST_VALUES_MAX_MESSAGES: kept,
      });
      const asked = `${url}/events?topic=old&topic=both&topic=new&start=`;
      const last = await untilLive(`${asked}last`);
      expect(told(last)).toEqual(['connected ', 'message (3)', 'message (4)', 'live 4']);
      for (const start of ['all', 'last:4', 'PT1H']) {
        const client = await untilLive(`${asked}${start}`);
        expect(told(client).slice(1)).toEqual(['message 3', 'message 4', 'live 4']);
        expect(recoveryOf(client)).toBe('started');
      }
    }
  });

  it('have no ID in any format; the position has the hub’s format', async () => {
    const times: string[] = [];
    for (const topic of ['a', 'b']) {
      const sequence = await stream.publish(topic, `value of ${topic}`);
      const stored = await stream.jsm.streams.getMessage('EVENTS', { seq: sequence });
      times.push(String(BigInt(stored.time.getTime()) * 1_000_000n));
    }
    const { url } = await startApp(stream, {
      PAYLOAD_FORMAT: 'raw',
      EVENT_TYPE: 'topic',
      EVENT_ID_FORMAT: 'sequence_time',
    });
    const client = await untilLive(`${url}/events?topic=a&topic=b&start=last`);
    expect(client.events.map(({ event, id, data }) => [event, id, data]).slice(1, 3)).toEqual([
      ['a', undefined, 'value of a'],
      ['b', undefined, 'value of b'],
    ]);
    const live = client.events[3];
    // The times are in ms; the last six digits are the stored nanoseconds.
    expect(live?.id).toMatch(new RegExp(`^2-${(times[1] ?? '').slice(0, -6)}\\d{6}$`));
    expect(JSON.parse(live?.data ?? '')).toEqual({ position: live?.id });
  });

  it('leave a client that is cut off before it has all of them without a cursor', async () => {
    const payload = JSON.stringify('x'.repeat(20_000));
    for (let i = 0; i < 200; i++) await stream.publish(`t.${i}`, payload);
    const { url } = await startApp(stream, { ALLOW_WILDCARDS: 'true', HEARTBEAT_INTERVAL: '0.2' });
    const asked = `${url}/events?topic=t.*&start=last`;
    const cut = await RawSse.open(asked, { paused: true });
    await stream.publish('t.7', '"new"');
    cut.resume();
    await cut.waitForEvents(20);
    cut.abort();
    const isLive = cut.events.some(({ event }) => event === 'live');
    if (!isLive) expect(cut.frames.every(({ id }) => id === undefined || id === '')).toBe(true);
    const again = await untilLive(asked);
    const topics = again.events
      .filter(({ event }) => event === 'message')
      .map(({ data }) => (JSON.parse(data ?? '') as { topic: string }).topic);
    expect(new Set(topics).size).toBe(200);
  });

  it('reach an EventSource, which then resumes from the position', async () => {
    for (let i = 0; i < 3; i++) await stream.publish('a', String(i));
    const { url } = await startApp(stream, { SSE_RETRY: '50' });
    const proxy = await TcpProxy.start(Number(new URL(url).port));
    const client = new EventSourceClient(
      `http://127.0.0.1:${proxy.port}/events?topic=a&start=last`,
      { types: ['live'] },
    );
    await client.waitFor(1, 'live');
    await stream.publish('a', '3');
    await client.waitFor(2);
    proxy.dropConnections();
    await client.waitFor(2, 'live');
    expect(client.ids).toEqual(['', '4']);
    expect(client.sentIds).toEqual([undefined, '4']);
  });
});
