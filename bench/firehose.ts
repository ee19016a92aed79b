// `npm run bench:firehose`: what the tail costs of a stream with far more traffic than anybody
// listens to. CPU of the service for each message that is stored, beside a bare consumer's.
import { join } from 'node:path';
import { BenchStream } from './broker/bench-stream.js';
import { NatsProcess } from './broker/nats-process.js';
import { numbered, payloadOf } from './broker/messages.js';
import { cpuMs } from './programs/process-facts.js';
import { Program } from './programs/program.js';
import { startTargets } from './programs/start-target.js';
import type { Target } from './programs/target.interface.js';

/** One message in a hundred is hot. */
const HOT = numbered('bench.hot', 10);
const TOPICS = [...numbered('bench.user', 990), ...HOT];
const PAYLOAD = payloadOf(200);
/** Published only at the end of a round: a client that receives it has received everything before. */
const SENTINEL = 'bench.hot.end';

interface Round {
  readonly title: string;
  /** The topics of each client. */
  readonly listeners: readonly (readonly string[])[];
  /** The subject prefix of the hub, and so of the tail. */
  readonly prefix?: string;
}

const each = HOT.map((topic) => [topic]);
const ROUNDS: readonly Round[] = [
  { title: 'nobody listens', listeners: [] },
  { title: '1 % has a listener', listeners: each },
  { title: '1 %, by patterns', listeners: each.map(() => ['bench.hot.*']) },
  { title: '1 %, and the hub has no more (`topic_prefix`)', listeners: each, prefix: 'bench.hot.' },
  { title: 'one client listens to all', listeners: [['bench.>']] },
];

/** What was published in one way, and how. */
type Publish = (stream: BenchStream) => Promise<unknown>;
const WAYS: Readonly<Record<string, readonly [messages: number, Publish]>> = {
  'in a burst': [400_000, (stream) => stream.burst(TOPICS, 400_000, PAYLOAD)],
  'at 20 000/s': [100_000, (stream) => stream.paced(TOPICS, 20_000, 100_000, PAYLOAD)],
};

async function main(): Promise<void> {
  const nats = await NatsProcess.start(-1);
  process.once('exit', () => nats.stop());
  const stream = await BenchStream.open(nats.url);
  const start = startTargets({
    natsUrl: nats.url,
    serviceScript: 'dist/src/main.js',
    serviceFlags: [],
  });
  console.log('CPU µs a stored message:\n\n| listeners | publishing | service | nats-server |');
  console.log('| --- | --- | --- | --- |');
  for (const { title, listeners, prefix = '' } of ROUNDS) {
    for (const [way, [messages, publish]] of Object.entries(WAYS)) {
      await stream.empty();
      const service = await start('service', {
        env: { ALLOW_WILDCARDS: 'true', TOPIC_PREFIX: prefix },
      });
      const topicOf = (subject: string): string => subject.slice(prefix.length);
      const end = listen(service, [topicOf(SENTINEL)]);
      const clients = listeners.map((topics) => listen(service, topics.map(topicOf)));
      await Promise.all([end, ...clients].map(({ connected }) => connected));
      const before = [service.cpuMs(), cpuMs(nats.pid)] as const;
      await publish(stream);
      await stream.burst([SENTINEL], 1, PAYLOAD);
      await end.heard;
      const micros = (ms: number): string => ((ms * 1000) / messages).toFixed(1);
      const [ofService, ofNats] = [service.cpuMs() - before[0], cpuMs(nats.pid) - before[1]];
      console.log(`| ${title} | ${way} | ${micros(ofService)} | ${micros(ofNats)} |`);
      for (const client of [end, ...clients]) client.close();
      await service.stop();
    }
  }
  await bareConsumer(stream, nats.url);
  await stream.close();
  nats.stop();
}

/** The limit: a consumer that reads and counts everything. */
async function bareConsumer(stream: BenchStream, natsUrl: string): Promise<void> {
  const script = join(import.meta.dirname, 'limits', 'consumer.js');
  const consumer = await Program.start({ script, env: { NATS_URL: natsUrl } });
  const messages = 400_000;
  const { last } = await stream.burst(TOPICS, messages, PAYLOAD);
  const before = consumer.cpuMs();
  await consumer.ask({ consumers: 1, filter: 'bench.>', after: last - messages, last });
  const micros = ((consumer.cpuMs() - before) * 1000) / messages;
  console.log(`| (a bare consumer) | stored before | ${micros.toFixed(1)} | |`);
  await consumer.stop();
}

interface Listener {
  readonly connected: Promise<unknown>;
  /** Resolves at the first message. */
  readonly heard: Promise<unknown>;
  close(): void;
}

/** Reads and discards: the client's own cost is not measured here. */
function listen(service: Target, topics: readonly string[]): Listener {
  const gone = new AbortController();
  const connected = withResolvers();
  const heard = withResolvers();
  const read = async (): Promise<void> => {
    const answer = await fetch(service.url(topics), { signal: gone.signal });
    for await (const chunk of answer.body ?? []) {
      const text = Buffer.from(chunk as Uint8Array).toString('latin1');
      if (text.includes('event: connected')) connected.resolve();
      if (text.includes('event: message')) heard.resolve();
    }
  };
  read().catch(() => undefined);
  return { connected: connected.promise, heard: heard.promise, close: () => gone.abort() };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

await main();
