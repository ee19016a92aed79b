import { connect, type Hub } from '@nuts/client';
import { Random } from '../../chaos/random.js';
import { type ContractStream, startApp, startStream } from '../../contract/contract-app.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';

const TOPICS = ['a', 'b', 'c'] as const;
const STARTS = ['live', 'all', 'last:5', 'PT1H'] as const;
const STEPS = Number(process.env['CLIENT_STEPS'] ?? 60);

interface Reader {
  readonly topics: readonly string[];
  readonly start: string;
  readonly ids: number[];
  close(): void;
}

/** The stored messages: the topic of each sequence, from 1. */
const log: string[] = [];
const readers: Reader[] = [];
const random = Random.ofRun('client');
let stream: ContractStream;
let network: TcpProxy;
let hub: Hub;

beforeAll(async () => {
  stream = await startStream();
  // A window of 16 messages: a cut connection often resumes from JetStream.
  const app = await startApp(stream, {
    ...{ SSE_RETRY: '20', TRANSIENT_RETRY: '0.1', WINDOW_MAX_MESSAGES: '16' },
  });
  network = await TcpProxy.start(Number(new URL(app.url).port));
  hub = connect(`${network.url()}/events`);
});
afterAll(() => hub.close());

async function publish(): Promise<void> {
  const topic = random.pick(TOPICS);
  log.push(topic);
  expect(await stream.publish(topic, String(log.length))).toBe(log.length);
}

function subscribe(): void {
  const topics = TOPICS.filter(() => random.next() < 0.5);
  if (topics.length === 0) topics.push('a');
  const start = random.pick(STARTS);
  const ids: number[] = [];
  const subscription = hub.subscribe<number>(topics, { start });
  // The payload is the sequence: initial values have no id.
  subscription.on('message', ({ payload }) => ids.push(payload));
  readers.push({ topics, start, ids, close: () => subscription.close() });
}

/** All messages of the topics: from the requested start, or from the reader's first message on. */
function expected({ topics, start, ids }: Reader): number[] {
  const all = log.flatMap((topic, index) => (topics.includes(topic) ? [index + 1] : []));
  const isWhole = start === 'all' || start === 'PT1H';
  return isWhole ? all : all.filter((id) => id >= (ids[0] ?? Infinity));
}

it('subscriptions receive each message of their topics once and in order, whatever is subscribed, dropped, published and cut', async () => {
  let isPublishing = true;
  const publishing = (async () => {
    while (isPublishing) await publish();
  })();
  for (let step = 0; step < STEPS; step += 1) {
    const chance = random.next();
    if (readers.length === 0 || (chance < 0.35 && readers.length < 6)) subscribe();
    else if (chance < 0.55) {
      const [dropped] = readers.splice(random.between(0, readers.length - 1), 1);
      dropped?.close();
    } else if (chance < 0.7) network.dropConnections();
    const before = log.length;
    await until(() => log.length >= before + random.between(1, 20), { everyMs: 1 });
  }
  isPublishing = false;
  await publishing;
  // The last message of every topic shows that no others are in flight.
  for (const topic of TOPICS) {
    log.push(topic);
    await stream.publish(topic, String(log.length));
  }
  await until(() => readers.every((reader) => reader.ids.at(-1) === expected(reader).at(-1)));
  for (const reader of readers) expect(reader.ids).toEqual(expected(reader));
});
