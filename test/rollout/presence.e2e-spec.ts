import { Random } from '../chaos/random.js';
import { ResumingClient } from '../chaos/resuming-client.js';
import { type ContractStream, startStream } from '../contract/contract-app.js';
import { bearer, FLEET_ENV, presence, type PresenceBody } from '../e2e/fleet/fleet-rig.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { PresenceSamples } from './presence-samples.js';
import { ReadinessProxy } from './readiness-proxy.js';

// The same scenario in two sizes: a short one for the suite, and `npm run test:rollout`.
const FULL = process.env['ROLLOUT'] === 'full';
const PROCESSES = FULL ? 5 : 2;
const CLIENTS = FULL ? 2000 : 60;
const DRAIN_WINDOW_S = FULL ? 5 : 1;
/** Each with fewer clients than one answer names. */
const TOPICS = ['room.a', 'room.b', 'room.c', 'room.d'];

jest.setTimeout(300_000);

let stream: ContractStream;
let proxy: ReadinessProxy;
let services: Service[];
const clients: ResumingClient[] = [];

function startService(): Promise<Service> {
  return Service.start({
    env: {
      ...FLEET_ENV,
      NODE_ENV: 'production',
      NATS_URL: stream.nats.url,
      STREAM_NAME: 'EVENTS',
      TOPIC_PREFIX: 'events.',
      TRANSIENT_RETRY: '0.5',
      DRAIN_DELAY: '0.5',
      DRAIN_WINDOW: String(DRAIN_WINDOW_S),
    },
  });
}

const ask = (service: Service): Promise<PresenceBody> =>
  presence(service.url, TOPICS.map((topic) => `topic=${topic}`).join('&'));

const streamsIn = ({ topics }: PresenceBody): number =>
  Object.values(topics).reduce((sum, { streams }) => sum + streams, 0);

async function everybodyOnce(): Promise<PresenceBody> {
  const [service] = services as [Service];
  let last: PresenceBody | undefined;
  return until(
    async () => {
      last = await ask(service);
      return streamsIn(last) === CLIENTS && last.answered === PROCESSES && last;
    },
    {
      timeoutMs: 60_000,
      everyMs: 50,
      what: () => `${CLIENTS} streams; ${last && streamsIn(last)} of ${last?.answered} processes`,
    },
  );
}

beforeAll(async () => {
  stream = await startStream();
  services = await Promise.all(Array.from({ length: PROCESSES }, startService));
  proxy = await ReadinessProxy.start();
  for (const { url } of services) await proxy.add(url);
  const random = new Random(1);
  for (let i = 0; i < CLIENTS; i++) {
    clients.push(
      new ResumingClient({
        url: () => `${proxy.url}/events`,
        topics: [TOPICS[i % TOPICS.length] as string],
        headers: await bearer(`user-${i}`),
        longestRetryMs: 60_000,
        random,
      }),
    );
  }
  await everybodyOnce();
});

afterAll(() => {
  for (const client of clients) client.close();
});

it(`${PROCESSES} processes with ${CLIENTS} clients are replaced, and presence counts each client once`, async () => {
  const samples = new PresenceSamples(() =>
    ask(services.find(({ url }) => proxy.isReady(url)) ?? (services[0] as Service)),
  );
  for (const [index, old] of services.entries()) {
    expect(await old.stop()).toEqual({ code: 0, signal: null });
    proxy.remove(old.url);
    const next = await startService();
    services[index] = next;
    await proxy.add(next.url);
    await until(() => proxy.isReady(next.url), { what: 'the new process to be routed to' });
  }
  const { topics, processes } = await everybodyOnce();
  const figures = await samples.stop();
  process.stdout.write(`rollout: presence ${JSON.stringify({ clients: CLIENTS, ...figures })}\n`);
  // A process that shuts down announces it, so the others do not wait for it.
  expect(processes).toBe(PROCESSES);
  const named = Object.values(topics).flatMap((topic) => topic.clients);
  expect(named.filter(({ streams }) => streams !== 1)).toEqual([]);
  expect(new Set(named.map(({ subject }) => subject)).size).toBe(CLIENTS);
  expect(figures.samples).toBeGreaterThan(PROCESSES);
  expect(figures.longestDoubleMs).toBeLessThan(1000);
  expect(figures.mostStreams).toBeLessThanOrEqual(CLIENTS + figures.mostDoubles);
});
