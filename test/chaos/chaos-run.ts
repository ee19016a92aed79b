import { setTimeout as pause } from 'node:timers/promises';
import { startNats } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { FAULTS } from './faults.js';
import { INSPECTED, Inspector, type Holdings } from './inspector.js';
import { readMetrics } from './metrics-reader.js';
import { Publisher } from './publisher.js';
import { ResumingClient, type Habits } from './resuming-client.js';
import type { Random } from './random.js';
import { PageReader } from './page-reader.js';
import { Visitor } from './visitor.js';

/** The size of a run. */
export interface ChaosPlan {
  readonly random: Random;
  readonly faults: number;
  /** Continues without further faults until this many messages were delivered. */
  readonly deliveries: number;
  readonly perSecond: number;
  readonly clients: number;
  /** Clients that load pages with every kind of `start`. */
  readonly visitors: number;
}

/** The result of a run. */
export interface ChaosReport {
  readonly seed: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly published: number;
  readonly deliveries: number;
  readonly connections: number;
  /** Pages of history that were read completely. */
  readonly pages: number;
  /** Web pages that reached `live`. */
  readonly visits: number;
  readonly fallbacks: readonly string[];
  readonly resets: number;
  /** Descriptions of lost, duplicate and misordered messages; empty if there are none. */
  readonly problems: readonly string[];
  readonly before: Holdings;
  readonly after: Holdings;
  readonly replays: number;
  readonly slowClients: number;
  readonly gauges: Readonly<Record<string, number>>;
  readonly consumersLeft: number;
  readonly warnings: readonly string[];
}

const TOPICS = ['a', 'b', 'c.d', 'e', 'quiet'];

/** A quarter of the clients each: fast, slow, stalling, reconnecting. */
const HABITS: readonly Habits[] = [
  {},
  { bytesPerSecond: 40_000 },
  { stalls: { everyMs: 1500, forMs: 3500 } },
  { leaves: { everyMs: 1200, forMs: 1500 } },
];

const SETTINGS = {
  STREAM_NAME: 'EVENTS',
  TOPIC_PREFIX: 'events.',
  WINDOW_MAX_MESSAGES: '500',
  NATS_IDLE_HEARTBEAT: '0.3',
  NATS_PING_INTERVAL: '0.5',
  RECONNECT_WAIT: '0.1',
  HEARTBEAT_INTERVAL: '0.4',
  TRANSIENT_RETRY: '0.1',
  WRITE_TIMEOUT: '2',
};

/** Gauges that are 0 without clients. */
const GAUGES = ['nuts_active_connections', 'nuts_replay_consumers', 'nuts_shared_subscriptions'];

/** Publishes steadily, injects random faults under all kinds of clients, then compares the results. */
export async function runChaos(plan: ChaosPlan): Promise<ChaosReport> {
  const { random } = plan;
  const server = await startNats();
  const broker = await Broker.connect(server.url);
  await broker.createStream();
  const link = await TcpProxy.start(server.port);
  const service = await Service.start({
    env: { ...SETTINGS, NATS_URL: link.url('nats') },
    nodeArguments: INSPECTED,
  });
  const inspector = await Inspector.attach(service);
  await warmUp(service, broker, random);
  const before = await inspector.holdings();

  const subjects = TOPICS.slice(0, 4).map((topic) => `events.${topic}`);
  const publisher = new Publisher(broker, { subjects, perSecond: plan.perSecond });
  const clients = Array.from({ length: plan.clients }, (_, i) => newClient(service, random, i));
  const visitors = Array.from({ length: plan.visitors }, () =>
    newVisitor(service, random, publisher),
  );
  const readers = TOPICS.slice(0, 4).map(
    (topic) => new PageReader(() => `${service.url}/events`, topic, random),
  );
  const faults: Record<string, number> = {};
  const victims = { server, link, broker, clients: [...clients, ...visitors] };
  for (let done = 0; done < plan.faults;) {
    await pause(random.between(50, 600));
    const name = random.pick(Object.keys(FAULTS));
    if ((await FAULTS[name]?.(victims, random)) !== true) continue;
    faults[name] = (faults[name] ?? 0) + 1;
    done += 1;
  }
  const delivered = (): number => clients.reduce((sum, { history }) => sum + history.messages, 0);
  await until(() => delivered() >= plan.deliveries, { timeoutMs: 300_000, everyMs: 100 });
  await publisher.stop();
  await broker.publish('events.quiet', '"last"');
  for (const client of clients) client.shortenPause();
  for (const visitor of visitors) visitor.settle();
  const stored = await broker.stored();
  const last = stored.at(-1)?.sequence ?? 0;
  await until(() => clients.every(({ position }) => position >= last), {
    timeoutMs: 60_000,
    everyMs: 50,
    what: () => `all clients to reach ${last}: ${clients.map((c) => c.position).join(' ')}`,
  });

  await until(() => visitors.every(({ position = 0 }) => position >= last), {
    timeoutMs: 60_000,
    everyMs: 50,
    what: () => `all visitors to reach ${last}: ${visitors.map((v) => v.position).join(' ')}`,
  });

  await until(() => readers.every(({ position }) => position >= last), {
    timeoutMs: 60_000,
    everyMs: 50,
    what: () => `all pages to reach ${last}: ${readers.map((r) => r.position).join(' ')}`,
  });

  const problems = clients.flatMap((client) => {
    const names = new Set(client.topics.map((topic) => `events.${topic}`));
    const due = stored.filter(({ subject }) => names.has(subject)).map((place) => place.sequence);
    return client.history.compare(due).map((problem) => `${client.topics.join(',')}: ${problem}`);
  });
  const visits = visitors.flatMap((visitor) => visitor.visits);
  problems.push(...visits.flatMap((visit) => visit.problems(stored)));
  problems.push(...readers.flatMap((reader) => reader.problems(stored)));
  const inStream = new Set(stored.map(({ sequence }) => sequence));
  const unstored = publisher.acknowledged.filter(({ sequence }) => !inStream.has(sequence));
  if (unstored.length > 0) problems.push(`${unstored.length} acknowledged, but not in the stream`);
  for (const client of [...clients, ...visitors, ...readers]) client.close();
  await untilQuiet(service, broker, before, inspector);
  // A last cut may be noticed only now: between two consumers of the tail there is none.
  await until(async () => (await broker.consumers()).length === 1).catch(() => undefined);
  const consumersLeft = (await broker.consumers()).length;
  const metrics = await readMetrics(service.url);
  return {
    seed: random.seed,
    faults,
    published: stored.length,
    deliveries: delivered(),
    connections: clients.reduce((sum, client) => sum + client.connections, 0),
    pages: readers.reduce((sum, { pages }) => sum + pages, 0),
    visits: visits.filter(({ isLive }) => isLive).length,
    fallbacks: clients.flatMap(({ starts }) => starts.flatMap(({ reason }) => reason ?? [])),
    resets: clients.reduce((sum, { resets }) => sum + resets.length, 0),
    problems,
    before,
    after: await inspector.holdings(),
    replays: metrics.get('nuts_replay_requests_total') ?? 0,
    slowClients: metrics.get('nuts_slow_client_disconnects_total') ?? 0,
    gauges: Object.fromEntries(GAUGES.map((name) => [name, metrics.get(name) ?? Number.NaN])),
    consumersLeft,
    warnings: service.output.split('\n').filter((line) => /Warning|TypeError|Unhandled/.test(line)),
  };
}

/**
 * Waits for what ends by itself after the last client; what does not end is reported. Nearly always
 * that takes a moment. But a request that hung in a black hole may make a consumer after it was given
 * up: the server deletes that one, half a minute later.
 */
async function untilQuiet(
  service: Service,
  broker: Broker,
  before: Holdings,
  inspector: Inspector,
): Promise<void> {
  const isQuiet = async (): Promise<boolean> => {
    const metrics = await readMetrics(service.url);
    const { sockets } = await inspector.holdings();
    return (
      GAUGES.every((name) => metrics.get(name) === 0) &&
      (await broker.consumers()).length === 1 &&
      sockets <= before.sockets
    );
  };
  await until(isQuiet, { timeoutMs: 45_000, everyMs: 200 }).catch(() => undefined);
}

/**
 * Fills what is filled once (window, caches, the second connection), so that a leak shows. The cache
 * of encoded frames is the largest: about 70 000 of these.
 */
async function warmUp(service: Service, broker: Broker, random: Random): Promise<void> {
  const live = newClient(service, random, 0, '0');
  const last = await broker.fill(80_000, (i) => `events.${TOPICS[i % 5]}`);
  await until(() => live.position >= last - 5, { timeoutMs: 30_000 });
  const clients = Array.from({ length: 8 }, () =>
    newClient(service, random, 0, String(last - 2000)),
  );
  await until(() => clients.every(({ position }) => position >= last - 5));
  for (const client of [live, ...clients]) client.close();
  await until(async () => (await readMetrics(service.url)).get('nuts_active_connections') === 0);
}

function newClient(service: Service, random: Random, i: number, cursor?: string): ResumingClient {
  const mine = random.fork();
  const count = mine.between(1, TOPICS.length);
  const topics = new Set(Array.from({ length: count }, () => mine.pick(TOPICS)));
  topics.add('quiet');
  const habits = HABITS[i % HABITS.length] ?? {};
  const options = { url: () => `${service.url}/events`, topics: [...topics], habits };
  return new ResumingClient({ ...options, random: mine, ...(cursor !== undefined && { cursor }) });
}

/** They also read the quiet topic: a state that only the end of the run changes. */
function newVisitor(service: Service, random: Random, { acknowledged }: Publisher): Visitor {
  return new Visitor({
    url: () => `${service.url}/events`,
    topics: TOPICS,
    random: random.fork(),
    acknowledged: () => acknowledged.at(-1)?.sequence ?? 0,
  });
}
