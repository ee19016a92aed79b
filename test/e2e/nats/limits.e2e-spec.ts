import { JetStreamNatsClient } from '@nuts/nats';
import { lastValueFrom, take, toArray } from 'rxjs';
import { startNats, type NatsServer } from '../../support/nats/index.js';
import { StreamAdmin } from './stream-admin.js';

jest.setTimeout(20_000);

describe('a server with a low max_request_batch', () => {
  let server: NatsServer;
  let admin: StreamAdmin;
  let client: JetStreamNatsClient;

  beforeAll(async () => {
    server = await startNats({
      jetStream: false,
      config: (directory) =>
        `jetstream { store_dir: "${directory}/few", limits { max_request_batch: 20 } }`,
    });
    admin = await StreamAdmin.connect({ servers: server.url });
    client = new JetStreamNatsClient({ servers: [server.url] });
    await client.ready;
    await admin.createStream({ name: 'FEW' });
    await admin.fill(500, (i) => `few.${i % 2}`);
  });

  afterAll(async () => {
    await client.close();
    await admin.close();
    await server.stop();
  });

  it('is followed', async () => {
    const reading = client.follow({
      stream: 'FEW',
      start: { sequence: 1 },
      filters: ['few.>'],
      idleHeartbeatMs: 1000,
    });
    const messages = await lastValueFrom(reading.pipe(take(500), toArray()));
    expect(messages.at(-1)?.sequence).toBe(500);
  });

  it('is read by pulls', async () => {
    const options = { stream: 'FEW', start: { sequence: 101 }, filters: ['few.0'] };
    const reader = await client.openPull(options);
    const got: number[] = [];
    for (let isDry = false; !isDry;) {
      const { messages, dry } = await reader.pull(256, 131_072);
      got.push(...messages.map(({ sequence }) => sequence));
      isDry = dry;
    }
    await reader.close();
    expect(got).toEqual(Array.from({ length: 200 }, (_, i) => 101 + 2 * i));
  });
});
