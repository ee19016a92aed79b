// `npm run bench:compression`: the same clients with and without gzip, by turns in one run: bytes a client,
// CPU of the service, and latency.
import { BenchStream } from './broker/bench-stream.js';
import { NatsProcess } from './broker/nats-process.js';
import { numbered, readingOf } from './broker/messages.js';
import { LoadFleet } from './load/load-fleet.js';
import { startTargets } from './programs/start-target.js';
import type { Target } from './programs/target.interface.js';
import { mediansOf } from './report/medians.js';

const CLIENTS = Number(process.env['COMPRESSION_CLIENTS'] ?? 1000);
const ROUNDS = Number(process.env['COMPRESSION_ROUNDS'] ?? 3);
/** One in this many clients decompresses and checks each frame. */
const CHECK_EVERY = 20;
/** Messages before each measurement. */
const WARM_UP = 2000;
const TOPIC = 'bench.common';
const TOPICS = numbered('bench.user', CLIENTS);

interface Load {
  readonly name: string;
  /** The topic of each client. */
  readonly topic: string;
  readonly publish: (
    stream: BenchStream,
  ) => Promise<{ readonly beganMs: number; readonly last: number }>;
  readonly messages: number;
}

const LOADS: readonly Load[] = [
  {
    name: 'paced: 100 messages/s to all',
    topic: TOPIC,
    messages: 800,
    publish: (stream) => stream.paced([TOPIC], 100, 800, readingOf),
  },
  {
    name: 'burst: 5 000 messages to all',
    topic: TOPIC,
    messages: 5000,
    publish: (stream) => stream.burst([TOPIC], 5000, readingOf),
  },
  {
    name: `${CLIENTS} topics, 1 000 messages/s`,
    topic: 'bench.user.{i}',
    messages: 8000,
    publish: (stream) => stream.paced(TOPICS, 1000, 8000, readingOf),
  },
];

interface Figures {
  readonly elapsedMs: number;
  readonly bytes: number;
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function measure(
  { stream, load }: { stream: BenchStream; load: LoadFleet },
  target: Target,
  { topic, publish }: Load,
  gzip: boolean,
): Promise<Figures> {
  await stream.empty();
  const group = 'all';
  await load.open({
    group,
    count: CLIENTS,
    url: target.url([topic]),
    checkEvery: CHECK_EVERY,
    gzip,
  });
  const isShared = topic === TOPIC;
  const warmUp = await stream.burst(isShared ? [TOPIC] : TOPICS, WARM_UP, readingOf);
  if (isShared) await load.until(group, warmUp.last);
  await whenQuiet(load, group);
  await load.reset(group);
  const before = target.cpuMs();
  const { beganMs, last } = await publish(stream);
  const endedMs = isShared ? await load.until(group, last) : await settled(load, group);
  const cpuMs = target.cpuMs() - before;
  // The clients that only count bytes may still be reading.
  const { bytes, clients, histogram } = await whenQuiet(load, group);
  await load.closeAll();
  return {
    elapsedMs: endedMs - beganMs,
    bytes: bytes / clients,
    cpuMs,
    p50Ms: histogram.percentile(0.5),
    p99Ms: histogram.percentile(0.99),
  };
}

/** Resolves when nothing more arrives: each client has its own last message. */
async function settled(load: LoadFleet, group: string): Promise<number> {
  await whenQuiet(load, group);
  return performance.timeOrigin + performance.now();
}

async function whenQuiet(load: LoadFleet, group: string): ReturnType<LoadFleet['report']> {
  let report = await load.report(group);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const next = await load.report(group);
    if (next.bytes === report.bytes) return next;
    report = next;
  }
}

const nats = await NatsProcess.start(-1);
const load = new LoadFleet(2);
process.once('exit', () => {
  load.stop();
  nats.stop();
});
const stream = await BenchStream.open(nats.url);
const start = startTargets({
  natsUrl: nats.url,
  serviceScript: 'dist/src/main.js',
  serviceFlags: [],
});
const target = await start('service', { env: { COMPRESSION: 'gzip' } });
console.log(`${CLIENTS} clients, messages of about 200 bytes, medians of ${ROUNDS} rounds:\n`);
console.log(
  '| load | gzip | bytes a client and message | CPU, ms | elapsed, ms | p50, ms | p99, ms |',
);
console.log(`|${' --- |'.repeat(7)}`);
for (const each of LOADS) {
  const found: Record<'off' | 'on', Figures[]> = { off: [], on: [] };
  for (let round = 0; round < ROUNDS; round++) {
    found.off.push(await measure({ stream, load }, target, each, false));
    found.on.push(await measure({ stream, load }, target, each, true));
  }
  const [off, on] = [mediansOf(found.off), mediansOf(found.on)];
  const perClient = each.topic === TOPIC ? each.messages : each.messages / CLIENTS;
  for (const [name, of] of [
    ['off', off],
    ['on', on],
  ] as const) {
    console.log(
      `| ${each.name} | ${name} | ${(of.bytes / perClient).toFixed(1)} | ${of.cpuMs.toFixed(0)} ` +
        `| ${of.elapsedMs.toFixed(0)} | ${of.p50Ms.toFixed(2)} | ${of.p99Ms.toFixed(2)} |`,
    );
  }
  const ratio = (figure: keyof Figures): string => (on[figure] / off[figure]).toFixed(2);
  console.log(
    `| | ratio | ${ratio('bytes')} | ${ratio('cpuMs')} | ${ratio('elapsedMs')} | ${ratio('p50Ms')} | ${ratio('p99Ms')} |`,
  );
}
await target.stop();
await stream.close();
process.exit(0);
