import type { NutsServer } from '../../src/server/nuts-server.js';
import { SettingsFolder, startHubs } from '../e2e/hubs/hubs-app.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { type ContractStream, startStream } from './contract-app.js';

let stream: ContractStream;
let app: NutsServer;
beforeAll(async () => {
  stream = await startStream();
  const file = new SettingsFolder().write(
    'hubs.yaml',
    `
nats_url: ${stream.nats.url}
stream_name: EVENTS
topic_prefix: events.
hubs:
  - path: /one
  - path: /two
  - path: /recent
    replay_window: 1
  - path: /small
    max_event_size: 150
`,
  );
  app = await startHubs(file);
});

async function metric(series: string): Promise<number | undefined> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('metrics of hubs that share a stream (contract §8)', () => {
  it('counts each shared subscription once', async () => {
    const clients = await Promise.all(
      ['/one?topic=a', '/one?topic=a', '/two?topic=b', '/small?topic=c'].map((path) =>
        RawSse.open(app.url + path),
      ),
    );
    expect(await metric('nuts_shared_subscriptions')).toBe(3);
    for (const client of clients) client.abort();
    await until(async () => (await metric('nuts_active_connections')) === 0);
    expect(await metric('nuts_shared_subscriptions')).toBe(0);
  });

  it('shows the messages of the window as soon as they are delivered', async () => {
    const series = 'nuts_window_messages{hub="/one"}';
    const before = (await metric(series)) ?? 0;
    const client = await RawSse.open(`${app.url}/one?topic=held`);
    await client.waitForEvents(1);
    await stream.publish('held', '1');
    await client.waitForEvents(2);
    expect(await metric(series)).toBe(before + 1);
    client.abort();
  });

  it('counts messages outside the replay window only for the hub with that window', async () => {
    await stream.publish('old', '1');
    await stream.publish('old', '2');
    const series = 'nuts_messages_dropped_total{reason="replay_window"}';
    // A message is skipped once it is older than a second, and is counted for the first client.
    await until(async () => {
      const client = await RawSse.open(`${app.url}/recent?topic=old&last-id=0`);
      await client.waitForEvents(1);
      client.abort();
      return ((await metric(series)) ?? 0) >= 2;
    });
    expect(await metric(series)).toBe(2);
  });

  it('counts a gap as a drop, not as a delivery', async () => {
    const client = await RawSse.open(`${app.url}/small?topic=size`);
    await client.waitForEvents(1);
    const delivered = (await metric('nuts_messages_delivered_total')) ?? 0;
    await stream.publish('size', 'x'.repeat(200));
    await stream.publish('size', 'x');
    await client.waitForEvents(3);
    expect(client.events.map(({ event }) => event)).toEqual(['connected', 'gap', 'message']);
    expect(await metric('nuts_messages_delivered_total')).toBe(delivered + 1);
    expect(await metric('nuts_messages_dropped_total{reason="raw_payload"}')).toBe(1);
  });

  it('counts a recreated stream once', async () => {
    const client = await RawSse.open(`${app.url}/one?topic=a`);
    await client.waitForEvents(1);
    await stream.jsm.streams.delete('EVENTS');
    await stream.jsm.streams.add({ name: 'EVENTS', subjects: ['events.>'] });
    await client.ended();
    expect(await metric('nuts_consumer_invalidated_total{reason="stream_recreated"}')).toBe(1);
  });
});
