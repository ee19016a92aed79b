import { setTimeout as pause } from 'node:timers/promises';
import { Broker } from '../chaos/broker.js';
import { Publisher } from '../chaos/publisher.js';
import { Random } from '../chaos/random.js';
import { ResumingClient } from '../chaos/resuming-client.js';
import { startNats } from '../support/nats/index.js';
import type { NatsServer } from '../support/nats/nats-server.interface.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { ReadinessProxy } from './readiness-proxy.js';
import { type Spread, spreadOf } from './spread.js';

// The same scenario in two sizes: a short one for the suite, and `npm run test:rollout`.
const FULL = process.env['ROLLOUT'] === 'full';
const CLIENTS = FULL ? 500 : 60;
const PER_SECOND = FULL ? 40 : 50;
const DRAIN_WINDOW_S = FULL ? 5 : 1.5;
const OUTAGE_MS = FULL ? 20_000 : 2_000;
/** Margin for a busy machine, in s. */
const BUSY_S = FULL ? 0.5 : 5;
const TOPICS = ['feed.a', 'feed.b', 'feed.c', 'feed.d'];

jest.setTimeout(180_000);

let nats: NatsServer;
let broker: Broker;
let proxy: ReadinessProxy;
let publisher: Publisher;
let services: Service[];
const clients: ResumingClient[] = [];

function startService(): Promise<Service> {
  return Service.start({
    env: {
      NODE_ENV: 'production',
      NATS_URL: nats.url,
      STREAM_NAME: 'EVENTS',
      TOPIC_PREFIX: 'events.',
      HEARTBEAT_INTERVAL: '2',
      NATS_IDLE_HEARTBEAT: '1',
      RECONNECT_WAIT: '0.2',
      TRANSIENT_RETRY: FULL ? '1' : '0.5',
      // The proxy checks every 100 ms, so it notices before the first stream ends.
      DRAIN_DELAY: '0.5',
      DRAIN_WINDOW: String(DRAIN_WINDOW_S),
    },
  });
}

beforeAll(async () => {
  nats = await startNats();
  broker = await Broker.connect(nats.url);
  await broker.createStream();
  services = await Promise.all([startService(), startService()]);
  proxy = await ReadinessProxy.start();
  for (const { url } of services) await proxy.add(url);
  const random = new Random(1);
  for (let i = 0; i < CLIENTS; i++) {
    const topics = i % 5 === 0 ? TOPICS.slice(0, 2) : [TOPICS[i % TOPICS.length] as string];
    const url = (): string => `${proxy.url}/events`;
    clients.push(new ResumingClient({ url, topics, random, longestRetryMs: 60_000 }));
  }
  await allConnected(1);
  publisher = new Publisher(broker, {
    subjects: TOPICS.map((topic) => `events.${topic}`),
    perSecond: PER_SECOND,
  });
});

const connected = (client: ResumingClient): number => client.starts.length;

async function allConnected(times: number): Promise<void> {
  const waiting = (): ResumingClient[] => clients.filter((client) => connected(client) < times);
  await until(() => waiting().length === 0, {
    timeoutMs: 60_000,
    what: () => `${waiting().length} of ${CLIENTS} clients to be connected ${times} times`,
  });
}

/** Replaces one instance as an orchestrator does; returns which clients reconnected, and when. */
async function replace(index: number): Promise<{ spread: Spread; exitS: number; moved: number }> {
  const old = services[index] as Service;
  const moved = proxy.openTo(old.url);
  const before = clients.map(connected);
  const began = performance.now();
  const exit = await old.stop();
  const exitS = Math.round((performance.now() - began) / 100) / 10;
  expect(exit).toEqual({ code: 0, signal: null });
  proxy.remove(old.url);
  const back = (): number =>
    clients.filter((client, i) => connected(client) > (before[i] ?? 0)).length;
  await until(() => back() >= moved, {
    timeoutMs: 60_000,
    what: () => `${moved} clients to come back; ${back()} did`,
  });
  const times = proxy.answers.map(({ atMs }) => atMs).filter((atMs) => atMs > began);
  const next = await startService();
  services[index] = next;
  await proxy.add(next.url);
  await until(() => proxy.isReady(next.url), { what: 'the new instance to be routed to' });
  return { spread: spreadOf(times), exitS, moved };
}

function tell(what: string, figures: object): void {
  process.stdout.write(`rollout: ${what} ${JSON.stringify(figures)}\n`);
}

const statuses = (): number[] => [...new Set(proxy.answers.map(({ status }) => status))];

describe(`${CLIENTS} clients behind a proxy, two instances`, () => {
  it('replaces its instances one after the other, and no client sees an error', async () => {
    for (const index of [0, 1]) {
      const { spread, exitS, moved } = await replace(index);
      tell(`instance ${index + 1} of 2 replaced`, { moved, exitS, ...spread });
      expect(moved).toBeGreaterThan(0);
      expect(exitS).toBeLessThan(0.5 + DRAIN_WINDOW_S + 2 + BUSY_S);
      // Streams end at random moments of the window, and each waits a jittered time.
      expect(spread.seconds).toBeGreaterThan(DRAIN_WINDOW_S * 0.6);
      if (FULL) expect(spread.busiestSecond).toBeLessThan(moved * 0.5);
    }
    expect(statuses()).toEqual([200]);
  });

  it('loses NATS for a while, and no client sees an error', async () => {
    const before = clients.map(connected);
    const answersBefore = proxy.answers.length;
    await nats.shutdown();
    await until(async () => !(await fetch(`${services[0]?.url}/readyz`)).ok, {
      what: 'readiness to fail',
    });
    // Those who happen to reconnect now get the retry stream, again and again.
    const restless = clients.slice(0, Math.floor(CLIENTS / 10));
    for (const client of restless) client.drop();
    await pause(OUTAGE_MS);
    const retries = (): number => proxy.answers.length - answersBefore;
    await until(() => retries() >= restless.length, { what: 'all that left to be asked back' });
    expect(services.every(({ url }) => proxy.isReady(url))).toBe(true);
    const retried = retries();
    await nats.restart();
    const back = (): number =>
      restless.filter((client, i) => connected(client) > (before[i] ?? 0)).length;
    await until(() => back() === restless.length, {
      timeoutMs: 60_000,
      what: () => `${restless.length} clients to come back; ${back()} did`,
    });
    const others = clients.slice(restless.length);
    const stayed = others.filter((client, i) => connected(client) === before[restless.length + i]);
    tell('NATS away', { seconds: OUTAGE_MS / 1000, retryStreams: retried, stayed: stayed.length });
    expect(stayed).toHaveLength(others.length);
    expect(statuses()).toEqual([200]);
  });

  it('delivers every message once to every client', async () => {
    await pause(500);
    await publisher.stop();
    const stored = await broker.stored();
    const due = (client: ResumingClient): number[] =>
      stored
        .filter(({ subject }) => client.topics.includes(subject.slice('events.'.length)))
        .map(({ sequence }) => sequence);
    const behind = (): ResumingClient[] =>
      clients.filter((client) => client.position < (due(client).at(-1) ?? 0));
    await until(() => behind().length === 0, {
      timeoutMs: 60_000,
      everyMs: 200,
      what: () => `${behind().length} clients to catch up`,
    });
    const problems = clients.flatMap((client) => client.history.compare(due(client)));
    expect(problems).toEqual([]);
    expect(
      clients.flatMap(({ starts }) => starts).filter(({ recovery }) => recovery === 'fallback'),
    ).toEqual([]);
    const deliveries = clients.reduce((sum, { history }) => sum + history.messages, 0);
    tell('done', {
      stored: stored.length,
      deliveries,
      connections: proxy.answers.length,
      statuses: statuses(),
    });
    expect(deliveries).toBeGreaterThan(stored.length);
  });
});
