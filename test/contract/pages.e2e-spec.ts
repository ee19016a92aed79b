import { get } from 'node:http';
import { type ContractStream, startApp, startStream } from './contract-app.js';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';

interface Item {
  readonly id: string;
  readonly topic: string;
  readonly payload?: unknown;
  readonly gap?: string;
}

interface PageBody {
  readonly topics: string[];
  readonly recovery: string;
  readonly reason?: string;
  readonly messages: Item[];
  readonly position: string;
  readonly more: boolean;
}

let stream: ContractStream;
let app: NutsServer;
beforeAll(async () => {
  stream = await startStream();
  for (let n = 1; n <= 30; n++) await stream.publish(n % 3 === 0 ? 'b' : 'a', `{"n": ${n}}`);
  app = await startApp(stream, { MAX_EVENT_SIZE: '2000' });
});

const ask = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${app.url}/events?${query}`, { headers: { accept: 'application/json', ...headers } });

const page = async (query: string): Promise<PageBody> => {
  const answer = await ask(query);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} ${text}`);
  return JSON.parse(text) as PageBody;
};

const ids = ({ messages }: PageBody): number[] => messages.map(({ id }) => Number(id));

describe('a page of history (contract §9)', () => {
  it('is JSON with no-store and the fields of a message', async () => {
    const answer = await ask('topic=a&start=all&limit=2', { origin: 'https://a.example' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('vary')).toMatch(/Accept/);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://a.example');
    expect(await answer.json()).toEqual({
      topics: ['a'],
      recovery: 'started',
      messages: [
        { id: '1', topic: 'a', payload: { n: 1 }, time: expect.stringMatching(/Z$/) as string },
        { id: '2', topic: 'a', payload: { n: 2 }, time: expect.stringMatching(/Z$/) as string },
      ],
      position: '2',
      more: true,
    });
  });

  it('continues at its position, to the end, and then as a stream', async () => {
    const first = await page('topic=a&topic=b&start=all&limit=20');
    expect([ids(first).length, first.position, first.more]).toEqual([20, '20', true]);
    const second = await page(`topic=a&topic=b&limit=20&last-id=${first.position}`);
    expect(second.recovery).toBe('resumed');
    expect(ids(second)).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    expect([second.position, second.more]).toEqual(['30', false]);
    const exact = await page('topic=a&topic=b&limit=10&last-id=20');
    expect([ids(exact).length, exact.more]).toEqual([10, false]);
    const opened = await RawSse.open(`${app.url}/events?topic=a&last-id=${second.position}`);
    await opened.waitForEvents(1);
    const next = await stream.publish('a', '1');
    await opened.waitForEvents(2);
    expect(opened.events[1]?.id).toBe(String(next));
    opened.abort();
  });

  it('contains only the position without a cursor and a start', async () => {
    const { messages, position, more, recovery } = await page('topic=a');
    expect([messages, position, more, recovery]).toEqual([[], '31', false, 'live']);
  });

  it('contains the state of each subject for start=last', async () => {
    const state = await page('topic=a&topic=b&start=last');
    expect(ids(state)).toEqual([30, 31]);
    expect([state.position, state.more]).toEqual(['31', false]);
    const refused = await ask('topic=a&topic=b&start=last&limit=1');
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Too many subjects');
  });

  it('contains the same messages as a stream for last:N, a time or a duration', async () => {
    expect(ids(await page('topic=a&topic=b&start=last:3'))).toEqual([29, 30, 31]);
    expect(ids(await page('topic=b&start=PT1H&limit=1000'))).toHaveLength(10);
    expect(ids(await page('topic=b&start=2100-01-01T00:00:00Z'))).toEqual([]);
  });

  it('reports a fallback with its reason', async () => {
    const { recovery, reason, messages } = await page('topic=a&last-id=99999');
    expect([recovery, reason]).toEqual(['fallback', 'cursor ahead of stream']);
    expect(messages[0]?.id).toBe('1');
  });

  it('contains gaps as items', async () => {
    const id = String(await stream.publish('big', 'x'.repeat(3000)));
    const { messages, position } = await page('topic=big&start=all');
    expect(messages).toEqual([{ id, topic: 'big', gap: 'oversized', size: 3000 }]);
    expect(position).toBe(id);
  });

  it.each(['0', '1001', '-1', '1.5', 'x', '1e2', '99999999999'])(
    'refuses limit=%s',
    async (limit) => {
      const answer = await ask(`topic=a&start=all&limit=${limit}`);
      expect([answer.status, await answer.text()]).toEqual([
        400,
        expect.stringContaining('Invalid limit'),
      ]);
    },
  );

  it('accepts higher limits only for start=last, and only without a cursor', async () => {
    expect((await ask('topic=a&start=last&limit=10000')).status).toBe(200);
    expect((await ask('topic=a&start=last&limit=10000&last-id=5')).status).toBe(400);
    expect((await ask('topic=a&start=all&limit=')).status).toBe(200);
  });

  it.each([
    ['application/json', true],
    ['Application/JSON; charset=utf-8', true],
    ['text/html, application/json;q=0.5', true],
    ['application/json, text/event-stream', false],
    ['application/json, text/event-stream;q=0', true],
    ['application/json;q=0', false],
    ['*/*', false],
  ])('Accept: %s: %s', async (accept, isPage) => {
    const gone = new AbortController();
    const answer = await fetch(`${app.url}/events?topic=a`, {
      headers: { accept },
      signal: gone.signal,
    });
    expect(answer.headers.get('content-type')).toMatch(isPage ? /json/ : /event-stream/);
    gone.abort();
  });

  it('refuses with statuses, never with a retry stream', async () => {
    expect((await ask('')).status).toBe(400);
    const head = await fetch(`${app.url}/events?topic=a`, {
      method: 'HEAD',
      headers: { accept: 'application/json' },
    });
    expect(head.status).toBe(405);
  });
});

describe('a page of a hub with other settings', () => {
  it('contains raw payloads as text, IDs with their time, and event names', async () => {
    const raw = await startApp(stream, { PAYLOAD_FORMAT: 'raw', EVENT_ID_FORMAT: 'sequence_time' });
    const accept = { accept: 'application/json' };
    const answer = await fetch(`${raw.url}/events?topic=a&start=all&limit=1`, { headers: accept });
    const body = (await answer.json()) as PageBody;
    expect(body.messages[0]).toMatchObject({ payload: '{"n": 1}' });
    expect(body.messages[0]?.id).toMatch(/^1-\d{19}$/);
    expect(body.position).toBe(body.messages[0]?.id);
    const named = await startApp(stream, { EVENT_TYPE: 'topic', PORT: '0' });
    const other = await fetch(`${named.url}/events?topic=a&start=all&limit=1`, { headers: accept });
    expect(((await other.json()) as PageBody).messages[0]).toMatchObject({ event: 'a' });
  });

  it('is read from JetStream behind a small window, and stops if the client disconnects', async () => {
    const small = await startApp(stream, { WINDOW_MAX_MESSAGES: '5' });
    const url = `${small.url}/events?topic=a&topic=large`;
    const accept = { accept: 'application/json' };
    const first = await fetch(`${url}&start=all&limit=7`, { headers: accept });
    expect(ids((await first.json()) as PageBody)).toEqual([1, 2, 4, 5, 7, 8, 10]);
    for (let n = 0; n < 200; n++) await stream.publish('large', `"${'x'.repeat(100_000)}"`);
    const open = get(`${url}&start=all&limit=1000`, { headers: accept, agent: false });
    await new Promise<void>((resolve) =>
      open.once('response', (response) => response.once('data', () => resolve())),
    );
    open.destroy();
    const metric = async (name: string): Promise<number> => {
      const text = await (await fetch(`${small.url}/metrics`)).text();
      return Number(new RegExp(`^${name}(?:{.*})? (\\S+)$`, 'm').exec(text)?.[1]);
    };
    await until(async () => (await metric('nuts_active_connections')) === 0);
    await until(async () => (await metric('nuts_replay_consumers')) === 0);
    const whole = await fetch(`${url}&start=all&limit=1000`, { headers: accept });
    const body = (await whole.json()) as PageBody;
    expect([body.messages.length, body.more]).toEqual([21 + 200, false]);
  });
});

it('pages of any size contain every message once, while others are published', async () => {
  const publishing = (async () => {
    for (let n = 0; n < 300; n++) await stream.publish(n % 2 === 0 ? 'p' : 'q', `${n}`);
  })();
  const seen: number[] = [];
  let position = '0';
  let isPublished = false;
  void publishing.then(() => (isPublished = true));
  for (let turn = 0; ; turn++) {
    const wasPublished = isPublished;
    const next = await page(`topic=p&topic=q&last-id=${position}&limit=${1 + ((turn * 7) % 40)}`);
    seen.push(...next.messages.map(({ payload }) => Number(payload)));
    ({ position } = next);
    if (wasPublished && !next.more) break;
  }
  expect(seen).toEqual(Array.from({ length: 300 }, (_, n) => n));
});
