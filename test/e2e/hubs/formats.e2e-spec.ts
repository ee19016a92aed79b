import { EventSourceClient } from '../../support/event-source.js';
import type { RawSse } from '../../support/raw-sse.js';
import { FormatHubs } from './format-hubs.js';

describe('formats on the wire (contract §3)', () => {
  let hubs: FormatHubs;
  beforeAll(async () => (hubs = await FormatHubs.start()));

  it('one message, in the formats of several hubs, from one tail', async () => {
    const [plain, byTopic, byHeader, raw, timed] = await hubs.listen(
      '/plain?topic=orders.new',
      '/by-topic?topic=orders.new',
      '/by-header?topic=orders.new',
      '/raw?topic=orders.new',
      '/timed?topic=orders.new',
    );
    const sequence = await hubs.publish('orders.new', '{ "n" : 1.0 }', { Kind: 'created' });
    const stored = await hubs.admin.manager.streams.getMessage('EVENTS', { seq: sequence });
    const nanos = await hubs.timeNanos(sequence);
    const envelope = `{"topic":"orders.new","payload":{"n":1.0},"time":"${stored.timestamp}"}`;
    for (const stream of [plain, byTopic, byHeader, raw, timed]) await stream?.waitForEvents(2);
    const frame = (stream?: RawSse): string | undefined => stream?.events[1]?.raw;
    expect(frame(plain)).toBe(`event: message\ndata: ${envelope}\nid: ${sequence}`);
    expect(frame(byTopic)).toBe(`event: orders.new\ndata: ${envelope}\nid: ${sequence}`);
    expect(frame(byHeader)).toBe(`event: created\ndata: ${envelope}\nid: ${sequence}`);
    expect(frame(raw)).toBe(`event: message\ndata: { "n" : 1.0 }\nid: ${sequence}`);
    expect(frame(timed)).toBe(`event: message\ndata: ${envelope}\nid: ${sequence}-${nanos}`);
    const consumers = await hubs.admin.consumers('EVENTS');
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
    ])('is «message» if a header cannot be a name (%s)', async (kind) => {
      const [stream] = await hubs.listen('/by-header?topic=kinds');
      await hubs.publish('kinds', '1', { Kind: kind });
      await hubs.publish('kinds', '2', { kind: 'of-another-case' });
      await hubs.publish('kinds', '3');
      await hubs.publish('kinds', '4', { Kind: 'ns:ok_-.1' });
      const events = (await stream?.waitForEvents(5)) ?? [];
      expect(events.slice(1).map(({ event }) => event)).toEqual([
        'message',
        'message',
        'message',
        'ns:ok_-.1',
      ]);
      stream?.abort();
    });

    it('is «message» if a topic is a reserved name', async () => {
      const [stream] = await hubs.listen('/by-topic?topic=gap&topic=b');
      await hubs.publish('gap', '1');
      await hubs.publish('b', '2');
      const events = (await stream?.waitForEvents(3)) ?? [];
      expect(events.map(({ event }) => event)).toEqual(['connected', 'message', 'b']);
    });

    it('reaches listeners of an EventSource by name', async () => {
      const client = new EventSourceClient(`${hubs.url}/by-topic?topic=cpu.web-1`, {
        types: ['cpu.web-1'],
      });
      await client.connected();
      await hubs.publish('cpu.web-1', '0.5');
      await client.waitFor(1, 'cpu.web-1');
      expect(client.of('message')).toEqual([]);
      client.close();
    });
  });

  describe('payload_format raw', () => {
    it('one data line per line, and an empty one for an empty payload', async () => {
      const [stream] = await hubs.listen('/raw?topic=lines');
      await hubs.publish('lines', 'a,b\n\n  c\n');
      await hubs.publish('lines', '');
      const events = (await stream?.waitForEvents(3)) ?? [];
      expect(events[1]?.raw).toMatch(
        /^event: message\ndata: a,b\ndata: ?\ndata: {3}c\ndata: ?\nid: \d+$/,
      );
      expect(events[2]?.data).toBe('');
    });

    it.each([
      ['a carriage return', 'a\rb'],
      ['bytes that are not UTF-8', Uint8Array.of(0xff, 0xfe)],
    ])('%s cannot be sent: a gap, or nothing if gaps are disabled', async (_name, payload) => {
      const [loud, silent] = await hubs.listen('/raw?topic=binary', '/raw-silent?topic=binary');
      const gap = await hubs.publish('binary', payload);
      const after = await hubs.publish('binary', 'text');
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

  it('sse_retry is in the connected event, transient_retry in transient answers', async () => {
    const [first] = await hubs.listen('/retrying?topic=a');
    expect(first?.events[0]?.retry).toBe(2500);
    const second = await hubs.open('/retrying?topic=a&last-id=7');
    await second.ended();
    expect(second.status).toBe(200);
    expect(second.body).toMatch(
      /^: Too many concurrent connections\nid: 7\nretry: ([12]\d{3}|3000)\n\n$/,
    );
    const plain = await hubs.open('/retrying?topic=a', { headers: {} });
    expect(plain.status).toBe(429);
    expect(plain.headers['retry-after']).toMatch(/^[1-3]$/);
    first?.abort();
  });

  it('hub_url is a Link header of the stream', async () => {
    const [linked, plain] = await hubs.listen('/linked?topic=a', '/plain?topic=a');
    expect(linked?.headers.link).toBe('<https://hubs.example.com/events>; rel="nuts"');
    expect(plain?.headers.link).toBeUndefined();
  });

  it('max_event_size limits the frame; a larger one is a gap, or nothing', async () => {
    const [loud, silent] = await hubs.listen('/small?topic=sizes', '/small-silent?topic=sizes');
    // The payload fits, and its frame does not.
    const tight = await hubs.publish('sizes', 'x'.repeat(390));
    const large = await hubs.publish('sizes', 'x'.repeat(2000));
    const fits = await hubs.publish('sizes', 'x'.repeat(200));
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
    const [again] = await hubs.listen(`/small?topic=sizes&last-id=${tight - 1}`);
    await again?.waitForEvents(4);
    expect(again?.events.slice(1).map(({ raw }) => raw)).toEqual(
      loud?.events.slice(1).map(({ raw }) => raw),
    );
  });

  it('allow_wildcards: overlapping topics deliver a message once, live and from history', async () => {
    const before = await hubs.publish('wild.start', '0');
    const overlapping = '/wild?topic=wild.*&topic=wild.a&topic=wild.>&topic=wild.*.c';
    const [live] = await hubs.listen(overlapping);
    const expected = [await hubs.publish('wild.a', '1'), await hubs.publish('wild.b.c', '2')].map(
      String,
    );
    await hubs.publish('wilder.a', 'not asked for');
    expected.push(String(await hubs.publish('wild.b', '3')));
    await live?.waitForEvents(4);
    const [resumed] = await hubs.listen(`${overlapping}&last-id=${before}`);
    await resumed?.waitForEvents(4);
    const last = await hubs.publish('wild.a', '4');
    expected.push(String(last));
    for (const stream of [live, resumed]) {
      await stream?.waitForEvents(5);
      expect(stream?.events.slice(1).map(({ id }) => id)).toEqual(expected);
    }
    const refused = await hubs.open('/plain?topic=wild.*', { headers: {} });
    expect(refused.status).toBe(400);
  });
});
