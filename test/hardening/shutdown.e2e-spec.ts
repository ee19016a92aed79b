import { gunzipSync } from 'node:zlib';
import { get } from 'node:http';
import { type ContractStream, startStream } from '../contract/contract-app.js';
import { RawSse } from '../support/raw-sse.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';

const DRAIN_WINDOW_S = 1;

let stream: ContractStream;
let service: Service;
beforeAll(async () => {
  stream = await startStream();
  for (let i = 0; i < 200; i += 1) await stream.publish('big', `"${'x'.repeat(20_000)}"`);
  // A service that replies endlessly, once every 10 ms.
  stream.connection.subscribe('services.endless', {
    callback: (_error, message) => {
      const answering = setInterval(() => message.respond('1'), 10);
      answering.unref();
    },
  });
});
beforeEach(async () => {
  service = await Service.start({
    env: {
      NATS_URL: stream.nats.url,
      STREAM_NAME: 'EVENTS',
      TOPIC_PREFIX: 'events.',
      DRAIN_WINDOW: String(DRAIN_WINDOW_S),
      COMPRESSION: 'gzip',
      PUBLISH: 'true',
      PUBLISH_ANONYMOUS: 'true',
      SERVICES_PATH: '/services',
      SERVICES_SUBJECT_PREFIX: 'services.',
      REQUEST_ANONYMOUS: 'true',
    },
  });
});

/** The whole body of a compressed stream, once it has ended; its trailer is checked. */
function compressedStream(): Promise<string> {
  return new Promise((resolve, reject) => {
    const url = `${service.url}/events?topic=live`;
    get(url, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve(gunzipSync(Buffer.concat(parts)).toString()));
      answer.on('error', reject);
    }).on('error', reject);
  });
}

/** Publishes messages until the service accepts no more. Returns the acknowledged IDs. */
async function publishUntilGone(): Promise<number[]> {
  const ids: number[] = [];
  for (;;) {
    try {
      const answer = await fetch(`${service.url}/events/live`, { method: 'POST', body: '1' });
      if (answer.status !== 201) return ids;
      ids.push(Number(((await answer.json()) as { id: string }).id));
    } catch {
      return ids;
    }
  }
}

/** Reads pages until the service stops; each is complete, shortened, or refused before its first byte. */
async function readPagesUntilGone(): Promise<number> {
  const url = `${service.url}/events?topic=big&start=all&limit=200`;
  for (let pages = 0; ; pages += 1) {
    const answer = await fetch(url, { headers: { accept: 'application/json' } }).catch(() => null);
    if (answer?.status !== 200) return pages;
    const { messages, more } = (await answer.json()) as { messages: unknown[]; more: boolean };
    // The drain may shorten a page, which then states that there is more.
    expect([messages.length === 200, more]).toContain(true);
    if (messages.length < 200) return pages;
  }
}

it.each(['SIGTERM', 'SIGHUP'] as const)(
  '%s under load ends every stream in order, stores all acknowledged messages, and exits 0 in time',
  async (signal) => {
    const url = `${service.url}/events?topic=live`;
    const plain = await Promise.all(Array.from({ length: 10 }, () => RawSse.open(url)));
    const compressed = Array.from({ length: 10 }, compressedStream);
    // It reads nothing, with megabytes in flight.
    const stalled = await RawSse.open(`${service.url}/events?topic=big&start=all`);
    stalled.pause();
    const asking = await fetch(`${service.url}/services/endless`, {
      method: 'POST',
      headers: { accept: 'text/event-stream' },
    });
    const publishers = Array.from({ length: 4 }, publishUntilGone);
    const readers = Array.from({ length: 2 }, readPagesUntilGone);
    await Promise.all(plain.map((each) => each.waitForEvents(20)));

    const began = performance.now();
    service.signal(signal);
    for (const each of plain) {
      expect(await each.ended()).toBe('end');
      expect(each.frames.at(-1)?.retry).toBeGreaterThan(0);
    }
    for (const body of await Promise.all(compressed)) {
      expect(body).toMatch(/^: .*\nretry: \d+\n\n$/m);
    }
    expect(await asking.text()).toMatch(/event: failed\ndata: .*\n\n$/);
    expect(await service.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan((DRAIN_WINDOW_S + 2) * 1_000 + 1_000);

    const ids = (await Promise.all(publishers)).flat();
    expect(ids.length).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect((await stream.jsm.streams.getMessage('EVENTS', { seq: id })).subject).toBe(
        'events.live',
      );
    }
    expect((await Promise.all(readers)).reduce((sum, pages) => sum + pages)).toBeGreaterThan(0);
    stalled.abort();
    await until(async () => (await stream.jsm.consumers.list('EVENTS').next()).length === 0);
  },
);
