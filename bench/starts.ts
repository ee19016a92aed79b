// `npm run bench:starts`: what `start` costs. A crowd that starts with last values, beside the same crowd
// that resumes inside the window, in turns on one process; pages of history; and the newest 50 of a sparse topic.
import { connect } from 'nats';
import { BenchStream } from './broker/bench-stream.js';
import { NatsProcess } from './broker/nats-process.js';
import { numbered, payloadOf } from './broker/messages.js';
import { LoadFleet } from './load/load-fleet.js';
import { startTargets } from './programs/start-target.js';
import type { StartTarget, Target } from './programs/target.interface.js';

const CLIENTS = Number(process.env['START_CLIENTS'] ?? 2000);
const SPARSE_MESSAGES = Number(process.env['SPARSE_MESSAGES'] ?? 1_000_000);
if (SPARSE_MESSAGES < 50_000)
  throw new Error('SPARSE_MESSAGES: at least 50000, of which 50 are rare');
const ROUNDS = 5;
/** Topics of a dashboard, and messages that a resuming client is behind. */
const VALUES = 20;
/** Of one walk through pages, whichever is less. */
const PAGE_MESSAGES = 50_000;
const PAGE_BYTES = 200_000_000;
const COMMON = 'bench.common';
const VALUE = 'bench.value';
const RARE = 'bench.rare';

/** One crowd. */
interface Crowd {
  readonly name: string;
  readonly query: (target: Target) => string;
  /** How far it is behind; undefined starts without a cursor. */
  readonly behind?: number;
}

const CROWDS: readonly Crowd[] = [
  { name: `resume, ${VALUES} behind`, query: (target) => target.url([COMMON]), behind: VALUES },
  {
    name: `start=last of ${VALUES} topics`,
    query: (target) => `${target.url(numbered(VALUE, VALUES))}&start=last`,
  },
  {
    name: 'start=last of a topic of one’s own',
    query: (target) => `${target.url([`${VALUE}.{i}`])}&start=last`,
  },
];

interface Figures {
  readonly elapsedMs: number;
  readonly cpuMs: number;
  readonly consumers: number;
}

async function storm(
  stream: BenchStream,
  load: LoadFleet,
  target: Target,
  { query, behind }: Crowd,
): Promise<Figures> {
  const last = await stream.last();
  const stopCounting = await stream.countConsumers();
  const before = target.cpuMs();
  const opened = await load.open({
    group: 'crowd',
    count: CLIENTS,
    concurrency: CLIENTS,
    url: query(target),
    until: last,
    ...(behind !== undefined && { lastEventId: String(last - behind) }),
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
  const found = CROWDS.map((): Figures[] => []);
  for (const crowd of CROWDS) await storm(stream, load, target, crowd);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, crowd] of CROWDS.entries()) {
      found[index]?.push(await storm(stream, load, target, crowd));
    }
  }
  const resume = median(found[0] ?? []).elapsedMs;
  for (const [index, { name }] of CROWDS.entries()) {
    const { elapsedMs, cpuMs, consumers } = median(found[index] ?? []);
    const ratio = (elapsedMs / resume).toFixed(2);
    console.log(
      `| ${what} | ${name} | ${elapsedMs.toFixed(0)} | ${ratio} | ${cpuMs.toFixed(0)} | ${consumers} |`,
    );
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
    for (let round = 0; round < ROUNDS; round++) {
      figures.push(await walkPages(target, count));
    }
    await target.stop();
    const ms = figures.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN;
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

function median(all: readonly Figures[]): Figures {
  const sorted = [...all].sort((a, b) => a.elapsedMs - b.elapsedMs);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
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
  '| last values | crowd | until all have everything, ms | to the resume | CPU, ms | consumers |',
);
console.log('| --- | --- | --- | --- | --- | --- |');
await storms('in memory', {}, { stream, load, start });
await storms('in JetStream', { LAST_VALUES_MAX_MESSAGES: '0' }, { stream, load, start });
console.log('\n| pages from | bytes a message | messages | ms | messages/s | MB/s |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const size of [200, 10_000, 100_000]) await pages(stream, start, size);
await sparse(nats.url, stream, start);
await stream.close();
process.exit(0);
