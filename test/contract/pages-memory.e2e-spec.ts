import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { type ContractStream, startApp, startStream } from './contract-app.js';

interface PageMessage {
  readonly id: string;
  readonly topic: string;
  readonly payload?: unknown;
  readonly time?: string;
  readonly gap?: string;
}

interface Page {
  readonly topics: readonly string[];
  readonly recovery: string;
  readonly messages: readonly PageMessage[];
  readonly position: string;
  readonly more: boolean;
}

const JSON_ONLY = { accept: 'application/json' };

async function pageAt(url: string): Promise<Page> {
  const answer = await fetch(url, { headers: JSON_ONLY });
  const text = await answer.text();
  expect([answer.status, text]).toEqual([200, expect.anything()]);
  return JSON.parse(text) as Page;
}

const idsOf = ({ messages }: Page): string[] => messages.map(({ id }) => id);

async function publishAll(stream: ContractStream, topics: readonly string[]): Promise<void> {
  for (const [index, topic] of topics.entries()) await stream.publish(topic, `{"n":${index + 1}}`);
}

/** With everything in memory, with a minimal window, and without memory. */
const MEMORIES = [
  ['the window', '8192', '10000'],
  ['the memory of last values', '1', '10000'],
  ['JetStream', '1', '0'],
] as const;

describe.each(MEMORIES)('a page of history from %s', (memory, window, lastValues) => {
  const settings = {
    WINDOW_MAX_MESSAGES: window,
    LAST_VALUES_MAX_MESSAGES: lastValues,
    ALLOW_WILDCARDS: 'true',
    MAX_EVENT_SIZE: '500',
  };

  it('contains what a stream would deliver, and the position from which a stream continues', async () => {
    const stream = await startStream();
    await publishAll(stream, ['a', 'b', 'other', 'a', 'b', 'a']);
    await stream.publish('a', 'x'.repeat(600));
    await stream.publish('other', '1');
    const app = await startApp(stream, settings);
    const url = `${app.url}/events?topic=a&topic=b`;

    const answer = await fetch(`${url}&start=all`, {
      headers: { ...JSON_ONLY, origin: 'https://page.example' },
    });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('vary')).toMatch(/Accept/);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://page.example');
    const page = (await answer.json()) as Page;
    expect(page).toEqual({
      topics: ['a', 'b'],
      recovery: 'started',
      messages: [
        ...[1, 2, 4, 5, 6].map((n) => ({
          id: String(n),
          topic: [2, 5].includes(n) ? 'b' : 'a',
          payload: { n },
          time: expect.stringMatching(/^20.*Z$/) as string,
        })),
        { id: '7', topic: 'a', gap: 'oversized', size: 600 },
      ],
      position: '8',
      more: false,
    });

    // In pages, by their positions.
    const first = await pageAt(`${url}&start=all&limit=2`);
    expect([idsOf(first), first.position, first.more]).toEqual([['1', '2'], '2', true]);
    const second = await pageAt(`${url}&start=all&limit=3&last-id=${first.position}`);
    expect([second.recovery, idsOf(second), second.position, second.more]).toEqual([
      'resumed',
      ['4', '5', '6'],
      '6',
      true,
    ]);
    const third = await pageAt(`${url}&limit=1&last-id=${second.position}`);
    expect([idsOf(third), third.position, third.more]).toEqual([['7'], '8', false]);
    const none = await pageAt(`${url}&last-id=${third.position}`);
    expect([idsOf(none), none.position, none.more]).toEqual([[], '8', false]);

    // Messages published before the request are in it.
    await stream.publish('b', '9');
    const ninth = await pageAt(`${url}&last-id=${none.position}`);
    expect([idsOf(ninth), ninth.position]).toEqual([['9'], '9']);

    const newest = await pageAt(`${url}&start=last:2`);
    expect([idsOf(newest), newest.position, newest.more]).toEqual([['7', '9'], '9', false]);
    expect(idsOf(await pageAt(`${url}&start=PT1H&limit=3`))).toEqual(['1', '2', '4']);

    const now = await pageAt(url);
    expect(now).toEqual({
      topics: ['a', 'b'],
      recovery: 'live',
      messages: [],
      position: '9',
      more: false,
    });

    const client = await RawSse.open(`${url}&last-id=${newest.position}`);
    await stream.publish('a', '10');
    await client.waitForEvents(2);
    expect(client.events.map(({ event, id }) => [event, id])).toEqual([
      ['connected', '9'],
      ['message', '10'],
    ]);
  });

  it('contains the newest message of each subject with start=last', async () => {
    const stream = await startStream();
    await publishAll(stream, ['a', 'b', 'a', 'c.x', 'b', 'c.y', 'other', 'other', 'other']);
    const app = await startApp(stream, settings);
    const url = `${app.url}/events?topic=a&topic=b&topic=c.*&topic=none&start=last`;
    const state = await pageAt(url);
    expect(idsOf(state)).toEqual(['3', '4', '5', '6']);
    expect(state).toMatchObject({ recovery: 'started', position: '9', more: false });
    expect(state.messages[1]).toEqual({
      id: '4',
      topic: 'c.x',
      payload: { n: 4 },
      time: expect.any(String) as string,
    });
    expect(idsOf(await pageAt(`${url}&limit=4`))).toEqual(['3', '4', '5', '6']);
    if (memory === 'JetStream' && stream.nats.version.startsWith('2.9.')) {
      // Such a server accepts one filter per consumer, so the number of subjects of several topics is unknown.
      const cut = await pageAt(`${url}&limit=3`);
      expect([idsOf(cut), cut.position, cut.more]).toEqual([['3', '4', '5'], '5', true]);
    } else {
      const refused = await fetch(`${url}&limit=3`, { headers: JSON_ONLY });
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({
        message: expect.stringContaining('Too many subjects') as string,
      });
    }
    // Accepted requests release everything as well.
    await until(async () => (await stream.jsm.consumers.list('EVENTS').next()).length === 1);
  });

  it('falls back as a stream does, with the reason', async () => {
    const stream = await startStream();
    await publishAll(stream, ['a', 'a', 'a', 'a']);
    await stream.jsm.streams.purge('EVENTS', { seq: 3 });
    const app = await startApp(stream, settings);
    const url = `${app.url}/events?topic=a`;
    const below = await pageAt(`${url}&last-id=1`);
    expect(below).toMatchObject({ recovery: 'fallback', reason: 'sequence below retention' });
    expect([idsOf(below), below.position]).toEqual([['3', '4'], '4']);
    const ahead = await pageAt(`${url}&last-id=99`);
    expect(ahead).toMatchObject({ recovery: 'fallback', reason: 'cursor ahead of stream' });
    expect([idsOf(ahead), ahead.position]).toEqual([['3', '4'], '4']);
  });
});

it('is refused with a status if there is no place, or no NATS', async () => {
  const stream = await startStream();
  const app = await startApp(stream, { MAX_CONNECTIONS: '1' });
  const url = `${app.url}/events?topic=a&start=all`;
  const client = await RawSse.open(url);
  const full = await fetch(url, {
    headers: { accept: 'application/json, text/event-stream;q=0' },
  });
  expect([full.status, full.headers.has('retry-after')]).toEqual([429, true]);
  expect(full.headers.get('content-type')).toMatch(/json/);
  client.abort();
  await until(async () => (await fetch(url, { headers: JSON_ONLY })).ok);
  await stream.nats.stop();
  await until(async () => !(await fetch(`${app.url}/readyz`)).ok);
  const away = await fetch(url, { headers: JSON_ONLY });
  expect([away.status, away.headers.has('retry-after')]).toEqual([503, true]);
  expect(await away.json()).toMatchObject({ message: 'JetStream not available' });
});
