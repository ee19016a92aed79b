// `npm run bench:starts`: what `start` costs. A crowd that starts with last values, beside the same crowd
// that resumes inside the window, in turns on one process; pages of history; and the newest 50 of a sparse topic.
import { connect } from 'nats';
import { BenchStream } from './broker/bench-stream.js';
import { NatsProcess } from './broker/nats-process.js';
import { numbered, payloadOf } from './broker/messages.js';
import { LoadFleet } from './load/load-fleet.js';
import { startTargets } from './programs/start-target.js';
import type { StartTarget, Target } from './programs/target.interface.js';
import { mediansOf } from './report/medians.js';

const CLIENTS = Number(process.env['START_CLIENTS'] ?? 2000);
const SPARSE_MESSAGES = Number(process.env['SPARSE_MESSAGES'] ?? 1_000_000);
if (SPARSE_MESSAGES < 50_000)
  throw new Error('SPARSE_MESSAGES: at least 50000, of which 50 are rare');
const ROUNDS = Number(process.env['START_ROUNDS'] ?? 15);
const PAGE_ROUNDS = 5;
/** Topics of a dashboard, and messages that a resuming client is behind. */
const VALUES = 20;
/** Of one walk through pages, whichever is less. */
const PAGE_MESSAGES = 50_000;
const PAGE_BYTES = 200_000_000;
const COMMON = 'bench.common';
const VALUE = 'bench.value';
const RARE = 'bench.rare';

/**
 * The topics of a crowd, which comes in two ways: with last values, and as a resume inside the window.
 * Either gets one message for each topic: the common one is in the window, the values are before it.
 */
interface Crowd {
  readonly name: string;
  readonly topics: readonly string[];
}

const CROWDS: readonly Crowd[] = [
  { name: 'two topics', topics: [`${VALUE}.0`, COMMON] },
  { name: `${VALUES} topics`, topics: [...numbered(VALUE, VALUES - 1), COMMON] },
  { name: 'a topic of one’s own and a common one', topics: [`${VALUE}.{i}`, COMMON] },
];

type Way = 'resume' | 'last';
const WAYS: readonly Way[] = ['resume', 'last'];

interface Figures {
  readonly elapsedMs: number;
  readonly cpuMs: number;
  readonly consumers: number;
}

async function storm(
  stream: BenchStream,
  load: LoadFleet,
  target: Target,
  { topics }: Crowd,
  way: Way,
): Promise<Figures> {
  const last = await stream.last();
  const stopCounting = await stream.countConsumers();
  const before = target.cpuMs();
  const opened = await load.open({
    group: 'crowd',
    count: CLIENTS,
    concurrency: CLIENTS,
    url: way === 'last' ? `${target.url(topics)}&start=last` : target.url(topics),
    until: last,
    ...(way === 'resume' && { lastEventId: String(last - topics.length) }),
  });
  const cpuMs = target.cpuMs() - before;
  await load.closeAll();
  return { elapsedMs: opened.elapsedMs, cpuMs, consumers: await stopCounting() };
}

async function storms(
  what: string,
  env: Readonly<Record<string, string>>,
  stage: { stream: BenchStream; load: LoadFleet; start: StartTarget },
): Promise<void> {
  const { stream, load, start } = stage;
  await stream.empty();
  await stream.burst(numbered(VALUE, CLIENTS), CLIENTS, payloadOf(200));
  await stream.burst([COMMON], 10_000, payloadOf(200));
  const target = await start('service', { env });
  const found = CROWDS.map((): Record<Way, Figures[]> => ({ resume: [], last: [] }));
  for (const crowd of CROWDS) for (const way of WAYS) await storm(stream, load, target, crowd, way);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, crowd] of CROWDS.entries()) {
      // The order alternates between rounds.
      for (const way of round % 2 === 0 ? WAYS : [...WAYS].reverse()) {
        found[index]?.[way].push(await storm(stream, load, target, crowd, way));
      }
    }
  }
  for (const [index, { name }] of CROWDS.entries()) {
    const resume = mediansOf(found[index]?.resume ?? []);
    const last = mediansOf(found[index]?.last ?? []);
    const ratio = (figure: keyof Figures): string => (last[figure] / resume[figure]).toFixed(2);
    const columns = [
      ...[what, name],
      ...[resume.elapsedMs.toFixed(0), last.elapsedMs.toFixed(0), ratio('elapsedMs')],
      ...[resume.cpuMs.toFixed(0), last.cpuMs.toFixed(0), ratio('cpuMs')],
      last.consumers,
    ];
    console.log(`| ${columns.join(' | ')} |`);
  }
  await target.stop();
}

/** The newest 50 of a topic that is one message in a thousand. */
async function sparse(natsUrl: string, stream: BenchStream, start: StartTarget): Promise<void> {
  await stream.empty();
  for (let done = 0; done < SPARSE_MESSAGES; done += 10_000) {
    await stream.burst([RARE], 10, payloadOf(40));
    await stream.burst(['bench.often'], 9990, payloadOf(40));
  }
  const target = await start('service');
  const connection = await connect({ servers: natsUrl });
  const calls: number[] = [];
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    let count = 0;
    const counting = connection.subscribe('$JS.API.>', { callback: () => void count++ });
    await connection.flush();
    const began = performance.now();
    const aborter = new AbortController();
    const answer = await fetch(`${target.url([RARE])}&start=last:50`, {
      headers: { accept: 'text/event-stream' },
      signal: aborter.signal,
    });
    let text = '';
    for await (const bytes of answer.body ?? []) {
      text += Buffer.from(bytes as Uint8Array).toString();
      if (text.includes('event: live')) break;
    }
    times.push(performance.now() - began);
    aborter.abort();
    if (text.split('event: message').length !== 51) throw new Error(`not 50: ${text.slice(-300)}`);
    await connection.flush();
    counting.unsubscribe();
    calls.push(count);
  }
  await connection.close();
  await target.stop();
  const at = (values: number[], share: number): number =>
    values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;
  console.log(
    `\nlast:50 of one in a thousand of ${SPARSE_MESSAGES}: ${at(calls, 0.5)} JetStream calls ` +
      `(at most ${Math.max(...calls)}), ${at(times, 0.5).toFixed(1)} ms (p95 ${at(times, 0.95).toFixed(1)})`,
  );
}

/** Pages of messages of one size, one after another, until all are read; at most {@link PAGE_MESSAGES}, or {@link PAGE_BYTES}. */
async function pages(stream: BenchStream, start: StartTarget, size: number): Promise<void> {
  const count = Math.min(PAGE_MESSAGES, Math.floor(PAGE_BYTES / size));
  await stream.empty();
  for (let done = 0; done < count; done += 1000) {
    await stream.burst([COMMON], Math.min(1000, count - done), payloadOf(size));
  }
  const settings: [string, Readonly<Record<string, string>>][] = [
    ['the window', { WINDOW_MAX_MESSAGES: '1000000', WINDOW_MAX_BYTES: '1000000000' }],
    ['JetStream', { WINDOW_MAX_MESSAGES: '1', LAST_VALUES_MAX_MESSAGES: '0' }],
  ];
  for (const [source, env] of settings) {
    const target = await start('service', { env });
    const figures: number[] = [];
    for (let round = 0; round < PAGE_ROUNDS; round++) {
      figures.push(await walkPages(target, count));
    }
    await target.stop();
    const ms = figures.sort((a, b) => a - b)[Math.floor(PAGE_ROUNDS / 2)] ?? NaN;
    const rate = (count * 1000) / ms;
    console.log(
      `| ${source} | ${size} | ${count} | ${ms.toFixed(0)} | ${rate.toFixed(0)} | ${((rate * size) / 1e6).toFixed(1)} |`,
    );
  }
}

/** @returns how long it took, in ms */
async function walkPages(target: Target, count: number): Promise<number> {
  const began = performance.now();
  let got = 0;
  let query = 'start=all';
  for (;;) {
    const answer = await fetch(`${target.url([COMMON])}&${query}&limit=1000`, {
      headers: { accept: 'application/json' },
    });
    const page = (await answer.json()) as {
      readonly messages: readonly unknown[];
      readonly position: string;
      readonly more: boolean;
    };
    got += page.messages.length;
    if (!page.more) break;
    query = `last-id=${page.position}`;
  }
  if (got !== count) throw new Error(`${got} of ${count} messages in pages`);
  return performance.now() - began;
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
console.log(`${CLIENTS} clients at once, messages of 200 bytes, median of ${ROUNDS}:\n`);
console.log(
  '| last values | crowd | resume, ms | start=last, ms | ratio | resume, CPU ms | start=last, CPU ms | ratio | consumers |',
);
console.log(`|${' --- |'.repeat(9)}`);
await storms('in memory', {}, { stream, load, start });
await storms('in JetStream', { LAST_VALUES_MAX_MESSAGES: '0' }, { stream, load, start });
console.log('\n| pages from | bytes a message | messages | ms | messages/s | MB/s |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const size of [200, 10_000, 100_000]) await pages(stream, start, size);
await sparse(nats.url, stream, start);
await stream.close();
process.exit(0);
