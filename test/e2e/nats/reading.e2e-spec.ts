import { JetStreamNatsClient, NatsReadError, type StreamMessage } from '@nuts/nats';
import type { StorageType } from 'nats';
import { connect as connectTcp } from 'node:net';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { startNats, type NatsServer } from '../../support/nats/index.js';
import { until } from '../../support/until.js';
import { StreamAdmin } from './stream-admin.js';

jest.setTimeout(20_000);

describe('reading JetStream', () => {
  let server: NatsServer;
  let admin: StreamAdmin;
  let client: JetStreamNatsClient;

  beforeAll(async () => {
    server = await startNats();
    admin = await StreamAdmin.connect({ servers: server.url });
    client = new JetStreamNatsClient({ servers: [server.url] });
    await client.ready;
  });

  afterAll(async () => {
    await client.close();
    await admin.close();
    await server.stop();
  });

  const textOf = ({ data }: StreamMessage): string => Buffer.from(data).toString();

  it('follows 100 000 messages in order, with the exact times of storage', async () => {
    await admin.createStream({ name: 'MANY' });
    await admin.fill(100_000, (i) => `many.t${i % 7}`);
    let expected = 1;
    let last: StreamMessage | undefined;
    const options = {
      stream: 'MANY',
      start: { sequence: 1 },
      filters: ['many.>'],
      idleHeartbeatMs: 1000,
    };
    await new Promise<void>((resolve, reject) => {
      const reading = client.follow(options).subscribe({
        next: (message) => {
          if (message.sequence !== expected) reject(new Error(`not ${expected}`));
          if (expected % 9999 === 0) {
            expect(textOf(message)).toBe(String(expected));
            expect(message.subject).toBe(`many.t${(expected - 1) % 7}`);
          }
          last = message;
          if (expected++ === 100_000) {
            reading.unsubscribe();
            resolve();
          }
        },
        error: reject,
      });
    });
    const stored = await client.messageAt('MANY', 100_000);
    expect(last?.timeNanos).toBe(stored?.timeNanos);
    expect(last?.headers).toBeUndefined();
    await until(async () => (await admin.consumers('MANY')).length === 0);
  });

  it('keeps up with a burst into an empty stream', async () => {
    await admin.createStream({ name: 'BURST' });
    await client.streamFacts('BURST');
    let expected = 1;
    const options = { stream: 'BURST', start: { sequence: 1 }, filters: ['burst.>'] };
    const reading = client.follow({ ...options, idleHeartbeatMs: 1000 }).subscribe({
      next: ({ sequence }) => (expected = sequence === expected ? expected + 1 : NaN),
      error: () => (expected = NaN),
    });
    await admin.fill(40_000, (i) => `burst.${i % 5}`);
    await until(() => Number.isNaN(expected) || expected > 40_000);
    expect(expected).toBe(40_001);
    reading.unsubscribe();
  });

  it('continues if messages of one size would use its pulls up to their last byte', async () => {
    await admin.createStream({ name: 'EVEN' });
    await admin.createStream({ name: 'ODDS' });
    const idle = { start: { sequence: 1 }, idleHeartbeatMs: 10_000 };
    const even = 16 * 1024;
    const count = 900;
    // Counted are subject, acknowledgement subject and payload; the second holds three numbers.
    await admin.fill(1, () => 'odds.a', 'x');
    const odd = client.follow({ ...idle, stream: 'ODDS', filters: ['odds.a'] });
    const one = (await firstValueFrom(odd)) as StreamMessage & { readonly countedBytes: number };
    const sizeOf = (i: number): number => `${i + 1}${i + 1}${count - 1 - i}`.length;
    await admin.fill(
      count,
      () => 'even.a',
      (i) => 'x'.repeat(even - (one.countedBytes - 4) - sizeOf(i)),
    );
    const seen = new Set<number>();
    let last = 0;
    const reading = client
      .follow({ ...idle, stream: 'EVEN', filters: ['even.a'] })
      .subscribe((message) => {
        seen.add((message as typeof one).countedBytes);
        last = message.sequence;
      });
    await until(() => last === count);
    expect([...seen]).toEqual([even]);
    reading.unsubscribe();
  });

  it('pulls within its limits, and a larger message separately', async () => {
    await admin.createStream({ name: 'SIZES' });
    await admin.fill(10, () => 'sizes.a', 'x'.repeat(1000));
    await admin.fill(1, () => 'sizes.a', 'y'.repeat(200_000));
    await admin.fill(10, () => 'sizes.a', 'z'.repeat(1000));
    const reader = await client.openPull({
      stream: 'SIZES',
      start: { sequence: 3 },
      filters: ['sizes.a'],
    });
    const lengths: number[][] = [];
    for (;;) {
      const { messages, dry } = await reader.pull(5, 6000);
      lengths.push(messages.map(({ data }) => data.length));
      if (dry) break;
    }
    expect(lengths.flat()).toHaveLength(19);
    expect(lengths.every((pulled) => pulled.length <= 5)).toBe(true);
    expect(lengths).toContainEqual([200_000]);
    expect(reader.name).toMatch(/^nuts_/);
    expect(await admin.consumers('SIZES')).toEqual([reader.name]);
    await Promise.all([reader.close(), reader.close()]);
    expect(await admin.consumers('SIZES')).toEqual([]);
    await expect(reader.pull(1, 1)).rejects.toBeInstanceOf(NatsReadError);
  });

  it('reads the newest message of each subject, whatever their sizes and the limit in bytes', async () => {
    await admin.createStream({ name: 'NEWEST' });
    const sizes = [10_000, 100, 50_000, 10_000, 200_000, 9, 3000];
    for (let i = 0; i < 400; i++) {
      const size = sizes[(i * 5 + (i >> 3)) % sizes.length];
      await admin.fill(1, () => `newest.t${i % 200}`, 'x'.repeat(size ?? 0));
    }
    for (const maxBytes of [256 * 1024, 20_000, 0]) {
      const start = { lastPerSubject: true } as const;
      const reader = await client.openPull({ stream: 'NEWEST', start, filters: ['newest.>'] });
      const came: number[] = [];
      await until(async () => {
        const { messages } = await reader.pull(1000, maxBytes);
        came.push(...messages.map(({ sequence }) => sequence));
        return messages.length === 0;
      });
      await reader.close();
      expect(came).toEqual(Array.from({ length: 200 }, (_, i) => 201 + i));
    }
  });

  it('detects the end of a pull whose bytes are used up to the last: the server sends no status', async () => {
    await admin.createStream({ name: 'EXACT' });
    await admin.fill(60, () => 'exact.a', 'x'.repeat(1000));
    const options = { stream: 'EXACT', start: { sequence: 1 }, filters: ['exact.a'] };
    const reader = await client.openPull(options);
    const began = performance.now();
    const sequences: number[] = [];
    // Subject and acknowledgement subject count as well: one of these is what a message weighs.
    for (let bytes = 1050; bytes < 1110; bytes++) {
      const { messages } = await reader.pull(5, bytes);
      sequences.push(...messages.map(({ sequence }) => sequence));
    }
    expect(sequences).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(performance.now() - began).toBeLessThan(2500);
    await reader.close();
  });

  it('returns stream info', async () => {
    const facts = await client.streamFacts('SIZES');
    expect(facts).toMatchObject({
      name: 'SIZES',
      subjects: ['sizes.>'],
      firstSequence: 1,
      lastSequence: 21,
      messages: 21,
      retention: 'limits',
      hasSources: false,
    });
    expect(facts.created).toMatch(/^\d{4}-.*Z$/);
    const last = await client.messageAt('SIZES', 21);
    expect(facts.lastTimeNanos).toBe(last?.timeNanos);
    await expect(client.streamFacts('NONE')).rejects.toMatchObject({ kind: 'stream_not_found' });
  });

  it.each([false, true])('looks up single messages (allow_direct %s)', async (direct) => {
    const name = `LOOK${direct ? 'D' : 'L'}`;
    await admin.createStream({ name, allow_direct: direct, subjects: [`${name}.>`] });
    await admin.fill(9, (i) => `${name}.${i % 3}.x`);
    await admin.manager.streams.deleteMessage(name, 5);
    await client.streamFacts(name);
    expect(await client.messageAt(name, 4)).toMatchObject({ subject: `${name}.0.x`, sequence: 4 });
    expect(await client.messageAt(name, 5)).toBeUndefined();
    expect(await client.messageAt(name, 99)).toBeUndefined();
    expect(await client.nextMessage(name, 3, `${name}.1.*`)).toMatchObject({ sequence: 8 });
    expect(await client.nextMessage(name, 9, `${name}.1.*`)).toBeUndefined();
    expect(await client.lastMessage(name, `${name}.1.>`)).toMatchObject({ sequence: 8 });
    expect(await client.lastMessage(name, `${name}.7.>`)).toBeUndefined();
    const [a, b] = await Promise.all([
      client.messageAt(name, 8),
      client.lastMessage(name, `${name}.1.x`),
    ]);
    expect(a?.timeNanos).toBe(b?.timeNanos);
  });

  it('starts at a time', async () => {
    const fourth = await client.messageAt('MANY', 4);
    const timeNanos = fourth?.timeNanos ?? 0n;
    const reading = client.follow({
      stream: 'MANY',
      start: { timeNanos },
      filters: [],
      idleHeartbeatMs: 1000,
    });
    const first = await firstValueFrom(reading);
    expect(first.timeNanos).toBe(timeNanos);
    expect(first.sequence).toBe(4);
  });

  it.each(['file', 'memory'] as const)(
    'starts at a time for several subjects, one of them newer, behind a gap (%s)',
    async (storage) => {
      const name = `SINCE${storage.toUpperCase()}`;
      await admin.createStream({ name, storage: storage as StorageType });
      const subject = (end: string): string => `${name.toLowerCase()}.${end}`;
      await admin.fill(200, (i) => subject(['a', 'b'][i % 2] ?? ''));
      await new Promise((resolve) => setTimeout(resolve, 5));
      await admin.fill(60, (i) => subject(['a', 'new', 'b'][i % 3] ?? ''));
      const first = await client.messageAt(name, 201);
      for (const sequence of [199, 200, 230]) {
        await admin.manager.streams.deleteMessage(name, sequence);
      }
      const wanted = [subject('a'), subject('new')];
      const reader = await client.openPull({
        stream: name,
        start: { timeNanos: (first?.timeNanos ?? 0n) - 1_000_000n },
        filters: wanted,
      });
      const { messages } = await reader.pull(100, 1_000_000);
      await reader.close();
      const got = messages.filter((message) => wanted.includes(message.subject));
      const due = Array.from({ length: 60 }, (_, i) => 201 + i);
      expect(got.map(({ sequence }) => sequence)).toEqual(
        due.filter((n) => (n - 201) % 3 < 2 && n !== 230),
      );
    },
  );

  describe('a filter that would cost more than it saves (before 2.9.15)', () => {
    const FROM = 500;
    const subjects: Record<string, (i: number) => string> = {
      near: (i) => (i % 500 === 7 ? 'near.rare' : `near.${i % 3}`),
      far: (i) => `far.${i % 3}`,
    };
    const dear = (): boolean => /^2\.9\.(1[0-4]|\d)$/.test(server.version);
    const filterOf = async (stream: string, name: string): Promise<string | undefined> =>
      (await admin.manager.consumers.info(stream, name)).config.filter_subject;

    beforeAll(async () => {
      await admin.createStream({ name: 'NEAR' });
      await admin.createStream({ name: 'FAR' });
      await admin.fill(3000, (i) => subjects['near']?.(i) ?? '');
      await admin.fill(21_000, (i) => subjects['far']?.(i) ?? '', 'f'.repeat(1000));
      for (const name of ['NEAR', 'FAR']) await client.streamFacts(name);
    });

    it.each([
      ['much, close to the end', 'near.1', 3000, true],
      ['little, close to the end', 'near.rare', 3000, false],
      ['much, far from the end', 'far.1', 21_000, false],
    ])('reads the requested messages: %s', async (_what, filter, count, isWider) => {
      const prefix = filter.split('.')[0] ?? '';
      const stream = prefix.toUpperCase();
      const reader = await client.openPull({
        stream,
        start: { sequence: FROM },
        filters: [filter],
      });
      const sent = await filterOf(stream, reader.name);
      expect(sent).toBe(isWider && dear() ? undefined : filter);
      const got: number[] = [];
      for (let isDry = false; !isDry;) {
        const { messages, dry } = await reader.pull(1000, 1_000_000);
        for (const { subject, sequence } of messages) if (subject === filter) got.push(sequence);
        isDry = dry;
      }
      await reader.close();
      const due = Array.from({ length: count - FROM + 1 }, (_, i) => i + FROM);
      expect(got).toEqual(due.filter((n) => subjects[prefix]?.(n - 1) === filter));
      expect(await admin.consumers(stream)).toEqual([]);
    });

    it('requests again if few messages have become many, and continues where it was', async () => {
      const options = { stream: 'NEAR', start: { sequence: FROM }, filters: ['near.rare'] };
      const reader = await client.openPull(options);
      const first = reader.name;
      await admin.fill(400, () => 'near.rare');
      const got: StreamMessage[] = [];
      for (let i = 0; got.length < 405 && i < 10; i++) {
        const { messages } = await reader.pull(100, 1_000_000);
        got.push(...messages.filter(({ subject }) => subject === 'near.rare'));
      }
      expect(got.map(({ sequence }) => sequence)).toEqual([
        ...[508, 1008, 1508, 2008, 2508],
        ...Array.from({ length: 400 }, (_, i) => 3001 + i),
      ]);
      expect(reader.name === first).toBe(!dear());
      expect(await filterOf('NEAR', reader.name)).toBe(dear() ? undefined : 'near.rare');
      expect(await admin.consumers('NEAR')).toEqual([reader.name]);
      await reader.close();
      expect(await admin.consumers('NEAR')).toEqual([]);
    });

    it.each([
      ['near.>', true],
      ['near.1', false],
    ])('does not read unwanted messages forever: %s', async (filter, isWider) => {
      let alive = false;
      const reading = client
        .follow({
          stream: 'NEAR',
          start: { sequence: FROM },
          filters: [filter],
          idleHeartbeatMs: 1000,
          onAlive: () => (alive = true),
        })
        .subscribe();
      await until(() => alive);
      const [name = ''] = await admin.consumers('NEAR');
      expect(await filterOf('NEAR', name)).toBe(isWider && dear() ? undefined : filter);
      reading.unsubscribe();
      await until(async () => (await admin.consumers('NEAR')).length === 0);
    });
  });

  it('reads several subjects, never less than requested', async () => {
    const wanted = ['many.t1', 'many.t3'];
    const reading = client.follow({
      stream: 'MANY',
      start: { sequence: 50 },
      filters: wanted,
      idleHeartbeatMs: 1000,
    });
    const messages = await lastValueFrom(reading.pipe(take(100), toArray()));
    const seen = messages.filter(({ subject }) => wanted.includes(subject));
    const end = messages.at(-1)?.sequence ?? 0;
    const expected = Array.from({ length: end - 49 }, (_, i) => i + 50).filter((n) =>
      wanted.includes(`many.t${(n - 1) % 7}`),
    );
    expect(seen.map(({ sequence }) => sequence)).toEqual(expected);
  });

  it('continues with messages larger than it requests at once', async () => {
    await admin.createStream({ name: 'HUGE' });
    await admin.fill(60, (i) => `huge.${i % 2}`, 'h'.repeat(900_000));
    const reading = client.follow({
      stream: 'HUGE',
      start: { sequence: 1 },
      filters: [],
      idleHeartbeatMs: 1000,
      prefetch: 2,
    });
    const messages = await lastValueFrom(reading.pipe(take(60), toArray()));
    expect(messages.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
  });

  it('keeps an idle consumer past its inactive threshold, and receives its heartbeats', async () => {
    await admin.createStream({ name: 'IDLE' });
    let alive = 0;
    const got: number[] = [];
    const reading = client
      .follow({
        stream: 'IDLE',
        start: { sequence: 1 },
        filters: ['idle.>'],
        idleHeartbeatMs: 200,
        inactiveThresholdMs: 300,
        onAlive: () => alive++,
      })
      .subscribe(({ sequence }) => got.push(sequence));
    await until(() => alive >= 6);
    const headers = { 'X-Kind': 'greeting' };
    expect(await client.publish('idle.x', Buffer.from('hello'), { headers })).toEqual({
      sequence: 1,
      duplicate: false,
    });
    await until(() => got.length === 1);
    reading.unsubscribe();
  });

  it('returns headers, also those that the client library would reject', async () => {
    await admin.createStream({ name: 'HEAD' });
    await client.publish('head.a', Buffer.from('x'), { headers: { 'X-Kind': 'gr\u00fc\u00dfe' } });
    const next = client.follow({
      stream: 'HEAD',
      start: { sequence: 1 },
      filters: ['head.>'],
      idleHeartbeatMs: 1000,
    });
    const message = await firstValueFrom(next);
    expect(message.headers?.get('X-Kind')).toBe('gr\u00fc\u00dfe');
    expect(textOf(message)).toBe('x');
  });

  it('reads the valid headers of a message with malformed lines', async () => {
    await admin.createStream({ name: 'ODD' });
    await publishRaw(
      server.port,
      'odd.a',
      'NATS/1.0\r\nbad key: 1\r\n: 2\r\nKind: good\r\n\r\n',
      'x',
    );
    const options = { stream: 'ODD', start: { sequence: 1 }, filters: [], idleHeartbeatMs: 1000 };
    const message = await firstValueFrom(client.follow(options));
    expect(message.headers?.get('Kind')).toBe('good');
    expect(textOf(message)).toBe('x');
  });

  it('accepts a filter that matches no subject of the stream', async () => {
    const reader = await client.openPull({
      stream: 'IDLE',
      start: { sequence: 1 },
      filters: ['elsewhere.*'],
    });
    // Before 2.10 the server refuses such a filter, and all is read: the caller matches.
    const { messages } = await reader.pull(10, 10_000);
    expect(messages.every(({ subject }) => subject.startsWith('idle.'))).toBe(true);
    await reader.close();
  });

  it('reads a mirror, and reports that it has no subjects of its own', async () => {
    await admin.createStream({ name: 'MIRROR', subjects: [], mirror: { name: 'SIZES' } });
    await until(async () => (await client.streamFacts('MIRROR')).messages === 21);
    expect(await client.streamFacts('MIRROR')).toMatchObject({ hasSources: true, subjects: [] });
    const options = { stream: 'MIRROR', start: { sequence: 21 }, filters: ['sizes.a'] };
    const message = await firstValueFrom(client.follow({ ...options, idleHeartbeatMs: 1000 }));
    expect(message).toMatchObject({ sequence: 21, subject: 'sizes.a' });
  });
});

/** Publishes header bytes that a client library rejects. */
async function publishRaw(
  port: number,
  subject: string,
  head: string,
  body: string,
): Promise<void> {
  const socket = connectTcp(port, '127.0.0.1');
  const total = head.length + body.length;
  socket.write(`CONNECT {"verbose":false,"headers":true}\r\n`);
  socket.write(`HPUB ${subject} ${head.length} ${total}\r\n${head}${body}\r\nPING\r\n`);
  for await (const chunk of socket) if (String(chunk).includes('PONG')) break;
  socket.destroy();
}
