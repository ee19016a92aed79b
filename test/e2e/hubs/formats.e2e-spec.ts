import { headers as natsHeaders } from 'nats';
import type { NutsServer } from '../../../src/server/nuts-server.js';
import { EventSourceClient } from '../../support/event-source.js';
import { startNats } from '../../support/nats/index.js';
import { RawSse, type RawSseOptions } from '../../support/raw-sse.js';
import type { StreamAdmin } from '../nats/stream-admin.js';
import { connectAdmin, SettingsFolder, startHubs } from './hubs-app.js';

/** One stream and prefix, and a hub for each way in which its messages can be shown. */
const HUBS = `
stream_name: EVENTS
topic_prefix: events.
hubs:
  - path: /plain
  - path: /by-topic
    event_type: topic
  - path: /by-header
    event_type: header Kind
  - path: /raw
    payload_format: raw
  - path: /raw-silent
    payload_format: raw
    gap_events: false
  - path: /timed
    event_id_format: sequence_time
  - path: /timed-small
    event_id_format: sequence_time
    max_event_size: 400
    heartbeat_interval: 1
  - path: /timed-empty
    event_id_format: sequence_time
    stream_name: EMPTY
    topic_prefix: empty.
  - path: /retrying
    sse_retry: 2500
    transient_retry: 2
    max_connections: 1
  - path: /linked
    hub_url: https://hubs.example.com/events
  - path: /small
    max_event_size: 400
  - path: /small-silent
    max_event_size: 400
    gap_events: false
  - path: /wild
    allow_wildcards: true
`;

describe('formats on the wire (contract §3)', () => {
  let admin: StreamAdmin;
  let app: NutsServer;
  const open = (path: string, options?: RawSseOptions): Promise<RawSse> =>
    RawSse.open(app.url + path, options);
  const publish = async (
    topic: string,
    data: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<number> => {
    const all = natsHeaders();
    for (const [name, value] of Object.entries(headers)) all.append(name, value);
    const ack = await admin.connection
      .jetstream()
      .publish(`events.${topic}`, data, { headers: all });
    return ack.seq;
  };
  /** Opened streams that have had their first frame: what is published from now on is theirs. */
  const listen = async (...paths: string[]): Promise<RawSse[]> => {
    const streams = await Promise.all(paths.map((path) => open(path)));
    await Promise.all(streams.map((stream) => stream.waitForEvents(1)));
    return streams;
  };

  beforeAll(async () => {
    const nats = await startNats();
    admin = await connectAdmin({ servers: nats.url });
    await admin.createStream({ name: 'EVENTS', allow_direct: true });
    await admin.createStream({ name: 'EMPTY' });
    const file = new SettingsFolder().write('hubs.yaml', `nats_url: ${nats.url}\n${HUBS}`);
    app = await startHubs(file);
  });

  it('one message, in the formats of many hubs, from one tail', async () => {
    const [plain, byTopic, byHeader, raw, timed] = await listen(
      '/plain?topic=orders.new',
      '/by-topic?topic=orders.new',
      '/by-header?topic=orders.new',
      '/raw?topic=orders.new',
      '/timed?topic=orders.new',
    );
    const sequence = await publish('orders.new', '{ "n" : 1.0 }', { Kind: 'created' });
    const stored = await admin.manager.streams.getMessage('EVENTS', { seq: sequence });
    const nanos = await timeNanos(admin, sequence);
    const envelope = `{"topic":"orders.new","payload":{"n":1.0},"time":"${stored.timestamp}"}`;
    for (const stream of [plain, byTopic, byHeader, raw, timed]) await stream?.waitForEvents(2);
    const frame = (stream?: RawSse): string | undefined => stream?.events[1]?.raw;
    expect(frame(plain)).toBe(`event: message\ndata: ${envelope}\nid: ${sequence}`);
    expect(frame(byTopic)).toBe(`event: orders.new\ndata: ${envelope}\nid: ${sequence}`);
    expect(frame(byHeader)).toBe(`event: created\ndata: ${envelope}\nid: ${sequence}`);
    expect(frame(raw)).toBe(`event: message\ndata: { "n" : 1.0 }\nid: ${sequence}`);
    expect(frame(timed)).toBe(`event: message\ndata: ${envelope}\nid: ${sequence}-${nanos}`);
    const consumers = await admin.consumers('EVENTS');
    expect(consumers).toEqual([expect.stringMatching(/^nuts_/)]);
  });

  describe('event_type', () => {
    it.each([
      ['gap'],
      ['connected'],
      ['reset'],
      ['error'],
      ['open'],
      ['two words'],
      ['a'.repeat(101)],
      ['é'],
    ])('a header that cannot be a name (%s) leaves «message»', async (kind) => {
      const [stream] = await listen('/by-header?topic=kinds');
      await publish('kinds', '1', { Kind: kind });
      await publish('kinds', '2', { kind: 'of-another-case' });
      await publish('kinds', '3');
      await publish('kinds', '4', { Kind: 'ns:ok_-.1' });
      const events = (await stream?.waitForEvents(5)) ?? [];
      expect(events.slice(1).map(({ event }) => event)).toEqual([
        'message',
        'message',
        'message',
        'ns:ok_-.1',
      ]);
      stream?.abort();
    });

    it('a topic that is a reserved name leaves «message»', async () => {
      const [stream] = await listen('/by-topic?topic=gap&topic=b');
      await publish('gap', '1');
      await publish('b', '2');
      const events = (await stream?.waitForEvents(3)) ?? [];
      expect(events.map(({ event }) => event)).toEqual(['connected', 'message', 'b']);
    });

    it('reaches listeners of an EventSource by name', async () => {
      const client = new EventSourceClient(`${app.url}/by-topic?topic=cpu.web-1`, {
        types: ['cpu.web-1'],
      });
      await client.connected();
      await publish('cpu.web-1', '0.5');
      await client.waitFor(1, 'cpu.web-1');
      expect(client.of('message')).toEqual([]);
      client.close();
    });
  });

  describe('payload_format raw', () => {
    it('one data line a line, an empty one for an empty payload', async () => {
      const [stream] = await listen('/raw?topic=lines');
      await publish('lines', 'a,b\n\n  c\n');
      await publish('lines', '');
      const events = (await stream?.waitForEvents(3)) ?? [];
      expect(events[1]?.raw).toMatch(
        /^event: message\ndata: a,b\ndata: ?\ndata: {3}c\ndata: ?\nid: \d+$/,
      );
      expect(events[2]?.data).toBe('');
    });

    it.each([
      ['a carriage return', 'a\rb'],
      ['bytes that are not UTF-8', Uint8Array.of(0xff, 0xfe)],
    ])('%s cannot be shown: a gap, or nothing where gaps are off', async (_name, payload) => {
      const [loud, silent] = await listen('/raw?topic=binary', '/raw-silent?topic=binary');
      const gap = await publish('binary', payload);
      const after = await publish('binary', 'text');
      await loud?.waitForEvents(3);
      await silent?.waitForEvents(2);
      expect(loud?.events[1]?.raw).toBe(
        `event: gap\ndata: {"topic":"binary","sequence":${gap},"reason":"raw_not_text","size":${Buffer.from(payload).length}}\nid: ${gap}`,
      );
      expect(silent?.events[1]).toMatchObject({ data: 'text', id: String(after) });
      loud?.abort();
      silent?.abort();
    });
  });

  describe('event_id_format sequence_time', () => {
    it('is the form of every id, connected and gap alike, and each can be resumed from', async () => {
      const first = await publish('timed', '1');
      const second = await publish('timed', '2');
      const ids = [
        `${first}-${await timeNanos(admin, first)}`,
        `${second}-${await timeNanos(admin, second)}`,
      ];
      const [live] = await listen('/timed?topic=timed');
      expect(live?.events[0]?.id).toBe(ids[1]);
      const [resumed] = await listen(`/timed?topic=timed&last-id=${ids[0]}`);
      await resumed?.waitForEvents(2);
      expect(resumed?.events.map(({ id }) => id)).toEqual(ids);
      expect(JSON.parse(resumed?.events[0]?.data ?? '')).toMatchObject({ recovery: 'resumed' });
      // A bare cursor, as a client of another replica's older settings may have.
      const [bare] = await listen(`/timed?topic=timed&last-id=${first}`);
      await bare?.waitForEvents(2);
      expect(bare?.events[1]?.id).toBe(ids[1]);
      const stranger = await open(`/timed?topic=timed&last-id=${first}-5`);
      await stranger.waitForEvents(1);
      expect(JSON.parse(stranger.events[0]?.data ?? '')).toMatchObject({
        recovery: 'fallback',
        reason: 'cursor from another stream',
      });
      expect(stranger.events[0]?.id).toBe(`${first}-5`);
    });

    it('is the form of gap and heartbeat ids', async () => {
      const [stream] = await listen('/timed-small?topic=timed.gaps');
      const gap = await publish('timed.gaps', 'x'.repeat(2000));
      const id = `${gap}-${await timeNanos(admin, gap)}`;
      await stream?.waitForEvents(2);
      expect(stream?.events[1]).toMatchObject({ event: 'gap', id });
      const beat = await stream?.frame(({ comment }) => comment?.startsWith('heartbeat') === true);
      expect(beat?.id).toBe(id);
      const [resumed] = await listen(`/timed-small?topic=timed.gaps&last-id=${id}`);
      expect(JSON.parse(resumed?.events[0]?.data ?? '')).toMatchObject({ recovery: 'resumed' });
      stream?.abort();
      resumed?.abort();
    });

    it('is a bare 0 while the stream is empty, and that resumes from its start', async () => {
      const [stream] = await listen('/timed-empty?topic=a');
      expect(stream?.events[0]?.id).toBe('0');
      await admin.connection.jetstream().publish('empty.a', '1');
      await stream?.waitForEvents(2);
      const [resumed] = await listen('/timed-empty?topic=a&last-id=0');
      await resumed?.waitForEvents(2);
      expect(resumed?.events[1]?.raw).toBe(stream?.events[1]?.raw);
      expect(resumed?.events[1]?.id).toMatch(/^1-\d{19}$/);
    });

    it('is understood by hubs of the other format', async () => {
      const first = await publish('shared', '1');
      const second = await publish('shared', '2');
      const cursor = `${first}-${await timeNanos(admin, first)}`;
      const [plain] = await listen(`/plain?topic=shared&last-id=${cursor}`);
      await plain?.waitForEvents(2);
      expect(plain?.events.map(({ id }) => id)).toEqual([expect.any(String), String(second)]);
    });
  });

  it('sse_retry is in the connected event, transient_retry in the answers to come again', async () => {
    const [first] = await listen('/retrying?topic=a');
    expect(first?.events[0]?.retry).toBe(2500);
    const second = await open('/retrying?topic=a&last-id=7');
    await second.ended();
    expect(second.status).toBe(200);
    expect(second.body).toMatch(
      /^: Too many concurrent connections\nid: 7\nretry: ([12]\d{3}|3000)\n\n$/,
    );
    const plain = await open('/retrying?topic=a', { headers: {} });
    expect(plain.status).toBe(429);
    expect(plain.headers['retry-after']).toMatch(/^[1-3]$/);
    first?.abort();
  });

  it('hub_url is a Link header of the stream', async () => {
    const [linked, plain] = await listen('/linked?topic=a', '/plain?topic=a');
    expect(linked?.headers.link).toBe('<https://hubs.example.com/events>; rel="nuts"');
    expect(plain?.headers.link).toBeUndefined();
  });

  it('max_event_size counts the frame; what is larger is a gap, or nothing', async () => {
    const [loud, silent] = await listen('/small?topic=sizes', '/small-silent?topic=sizes');
    // The payload fits, and its frame does not.
    const tight = await publish('sizes', 'x'.repeat(390));
    const large = await publish('sizes', 'x'.repeat(2000));
    const fits = await publish('sizes', 'x'.repeat(200));
    await loud?.waitForEvents(4);
    await silent?.waitForEvents(2);
    expect(loud?.events.map(({ event, id }) => [event, id]).slice(1)).toEqual([
      ['gap', String(tight)],
      ['gap', String(large)],
      ['message', String(fits)],
    ]);
    expect(JSON.parse(loud?.events[2]?.data ?? '')).toEqual({
      topic: 'sizes',
      sequence: large,
      reason: 'oversized',
      size: 2000,
    });
    expect(silent?.events[1]?.id).toBe(String(fits));
    // The same from history as live.
    const [again] = await listen(`/small?topic=sizes&last-id=${tight - 1}`);
    await again?.waitForEvents(4);
    expect(again?.events.slice(1).map(({ raw }) => raw)).toEqual(
      loud?.events.slice(1).map(({ raw }) => raw),
    );
  });

  it('allow_wildcards: topics that overlap deliver a message once, live and from history', async () => {
    const before = await publish('wild.start', '0');
    const overlapping = '/wild?topic=wild.*&topic=wild.a&topic=wild.>&topic=wild.*.c';
    const [live] = await listen(overlapping);
    const expected = [await publish('wild.a', '1'), await publish('wild.b.c', '2')].map(String);
    await publish('wilder.a', 'not asked for');
    expected.push(String(await publish('wild.b', '3')));
    await live?.waitForEvents(4);
    const [resumed] = await listen(`${overlapping}&last-id=${before}`);
    await resumed?.waitForEvents(4);
    const last = await publish('wild.a', '4');
    expected.push(String(last));
    for (const stream of [live, resumed]) {
      await stream?.waitForEvents(5);
      expect(stream?.events.slice(1).map(({ id }) => id)).toEqual(expected);
    }
    const refused = await open('/plain?topic=wild.*', { headers: {} });
    expect(refused.status).toBe(400);
  });
});

/** The stored time in ns, from the server's own text: `2026-01-01T12:00:00.123456789Z`. */
async function timeNanos(admin: StreamAdmin, sequence: number): Promise<bigint> {
  const { timestamp } = await admin.manager.streams.getMessage('EVENTS', { seq: sequence });
  const [, seconds = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(timestamp) ?? [];
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
