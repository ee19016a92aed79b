import { RawSse } from '../support/raw-sse.js';
import { startApp, startStream } from './contract-app.js';

it('starts with all that is retained, says when it is live, and goes on (contract §9)', async () => {
  const stream = await startStream();
  for (let i = 0; i < 5; i++) await stream.publish('a', String(i));
  const app = await startApp(stream);
  for (const start of ['all', 'PT1H', '2020-01-01T00:00:00Z']) {
    const client = await RawSse.open(`${app.url}/events?topic=a&start=${start}`);
    await client.waitForEvents(7);
    expect(client.events.map(({ event, id }) => [event, id])).toEqual([
      ['connected', '0'],
      ...['1', '2', '3', '4', '5'].map((id) => ['message', id]),
      ['live', '5'],
    ]);
    expect(JSON.parse(client.events[0]?.data ?? '')).toMatchObject({ recovery: 'started' });
  }
  const refused = await fetch(`${app.url}/events?topic=a&start=never`);
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('Invalid start');
});

interface StoredEnvelope {
  readonly topic: string;
  readonly sequence?: number;
}

describe('start=last', () => {
  const published: Record<string, unknown>[] = [];
  const parsed = (client: RawSse): Record<string, unknown>[] =>
    client.events.map(({ event, id, data }) => ({
      event,
      id,
      ...(JSON.parse(data ?? '{}') as object),
    }));

  it.each([
    ['memory', '8192'],
    ['JetStream', '2'],
  ])('gives the newest of each subject out of %s, then live', async (_, window) => {
    published.length = 0;
    const stream = await startStream();
    for (const topic of ['a', 'b', 'a', 'c.x', 'b', 'c.y', 'd', 'big']) {
      const payload = topic === 'big' ? 'x'.repeat(5000) : String(published.length);
      const id = await stream.publish(topic, payload);
      published.push({ topic, id });
    }
    for (let i = 0; i < 4; i++) await stream.publish('other', 'x');
    const app = await startApp(stream, {
      WINDOW_MAX_MESSAGES: window,
      ALLOW_WILDCARDS: 'true',
      MAX_EVENT_SIZE: '1000',
    });
    const url = `${app.url}/events?topic=b&topic=a&topic=none&topic=c.*&topic=big&start=last`;
    const client = await RawSse.open(url);
    await client.waitForEvents(7);
    expect(parsed(client)).toMatchObject([
      { event: 'connected', recovery: 'started', id: '' },
      { event: 'message', id: undefined, topic: 'a', payload: 2, sequence: 3 },
      { event: 'message', id: undefined, topic: 'c.x', payload: 3, sequence: 4 },
      { event: 'message', id: undefined, topic: 'b', payload: 4, sequence: 5 },
      { event: 'message', id: undefined, topic: 'c.y', payload: 5, sequence: 6 },
      { event: 'gap', id: undefined, topic: 'big', sequence: 8, reason: 'oversized' },
      { event: 'live', id: '12', position: '12' },
    ]);
    await stream.publish('c.x', '99');
    await client.waitForEvents(8);
    expect(parsed(client)[7]).toMatchObject({ id: '13', topic: 'c.x', payload: 99 });
    const resumed = await RawSse.open(url, {
      headers: { accept: 'text/event-stream', 'last-event-id': '12' },
    });
    await resumed.waitForEvents(3);
    expect(parsed(resumed)).toMatchObject([
      { event: 'connected', recovery: 'resumed', id: '12' },
      { event: 'message', id: '13' },
      { event: 'live', id: '13' },
    ]);
    expect((await stream.jsm.consumers.list('EVENTS').next()).length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['memory', '8192'],
    ['JetStream', '8'],
  ])(
    'leaves nothing out and sends nothing twice while much is published: %s',
    async (_, window) => {
      const stream = await startStream();
      const topics = Array.from({ length: 12 }, (_, i) => `t${i}`);
      const stored: { topic: string; id: number }[] = [];
      const store = async (topic: string): Promise<void> => {
        stored.push({ topic, id: await stream.publish(topic, '{}') });
      };
      for (const topic of topics) await store(topic);
      const app = await startApp(stream, { WINDOW_MAX_MESSAGES: window, ALLOW_WILDCARDS: 'true' });
      let isPublishing = true;
      const publishing = (async () => {
        for (let i = 0; isPublishing; i++) await store(topics[(i * 7) % 5] ?? 't0');
      })();
      const clients: RawSse[] = [];
      for (let i = 0; i < 20; i++) {
        const asked = i % 2 === 0 ? 'topic=*' : topics.map((topic) => `topic=${topic}`).join('&');
        clients.push(await RawSse.open(`${app.url}/events?${asked}&start=last`));
      }
      isPublishing = false;
      await publishing;
      const end = String(stored.at(-1)?.id);
      for (const client of clients) {
        await client.frame(({ id }) => id === end);
        const came = client.events
          .filter(({ event }) => event === 'message')
          .map(({ id, data }) => ({ id, ...(JSON.parse(data ?? '') as StoredEnvelope) }))
          .map(({ id, topic, sequence }) => ({ topic, id: Number(id ?? sequence) }));
        expect(came).toEqual([...came].sort((a, b) => a.id - b.id));
        for (const topic of topics) {
          const got = came.filter((message) => message.topic === topic).map(({ id }) => id);
          const all = stored.filter((message) => message.topic === topic).map(({ id }) => id);
          expect(got.length).toBeGreaterThan(0);
          expect(got).toEqual(all.slice(all.indexOf(got[0] ?? 0)));
        }
        expect(client.events.filter(({ event }) => event === 'live')).toHaveLength(1);
      }
    },
  );
});
