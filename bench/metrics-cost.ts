// `npm run bench:metrics`: what counting costs. A crowd on one topic and burst after burst, against the
// service as it is and against one whose metrics are a no-op, by turns, each a fresh process.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { BenchStream } from './broker/bench-stream.js';
import { payloadOf } from './broker/messages.js';
import { NatsProcess } from './broker/nats-process.js';
import { LoadFleet } from './load/load-fleet.js';
import { startTargets } from './programs/start-target.js';
import type { Target } from './programs/target.interface.js';
import { median } from './results/evaluate.js';
import { verify } from './scenarios/verify.js';

const SILENT = ['--import', join(import.meta.dirname, 'programs', 'silent-metrics.js')];
const MODES = { counted: [], silent: SILENT } as const;
type Mode = keyof typeof MODES;

const TOPIC = 'bench.common';
const CLIENTS = 1000;
const MESSAGES = 5000;
/** The first bursts compile the code; a single burst of fresh code is too short to measure 3 %. */
const [WARM_UP, BURSTS] = [2, 4];

async function main(pairs: number): Promise<void> {
  const nats = await NatsProcess.start(-1);
  const load = new LoadFleet(Math.max(1, Math.floor(availableParallelism() / 4)));
  process.once('exit', () => {
    load.stop();
    nats.stop();
  });
  const stream = await BenchStream.open(nats.url);

  /** CPU µs per delivery. */
  const measure = async (mode: Mode): Promise<number> => {
    await stream.empty();
    const target = await startTargets({
      natsUrl: nats.url,
      serviceScript: 'dist/src/main.js',
      serviceFlags: MODES[mode],
    })('service');
    const burst = async (): Promise<number> => {
      await load.reset(TOPIC);
      const before = target.cpuMs();
      const { last } = await stream.burst([TOPIC], MESSAGES, payloadOf(200));
      await load.until(TOPIC, last);
      const cpuMs = target.cpuMs() - before;
      verify(await load.report(TOPIC), MESSAGES);
      return (cpuMs * 1000) / (CLIENTS * MESSAGES);
    };
    try {
      const url = target.url([TOPIC]);
      await load.open({ group: TOPIC, count: CLIENTS, url, checkEvery: 50 });
      const micros: number[] = [];
      for (let i = 0; i < WARM_UP + BURSTS; i++) micros.push(await burst());
      await expectMetrics(target, mode);
      return median(micros.slice(WARM_UP));
    } finally {
      await load.closeAll();
      await target.stop();
    }
  };

  const results: Record<Mode, number[]> = { counted: [], silent: [] };
  for (let pair = 1; pair <= pairs; pair++) {
    // They alternate: the last one runs on the warmest machine.
    const order: Mode[] = pair % 2 === 1 ? ['counted', 'silent'] : ['silent', 'counted'];
    for (const mode of order) results[mode].push(await measure(mode));
    const [counted, silent] = [results.counted.at(-1), results.silent.at(-1)];
    console.log(`pair ${pair}: ${counted?.toFixed(4)} µs a delivery, ${silent?.toFixed(4)} silent`);
  }
  const [counted, silent] = [median(results.counted), median(results.silent)];
  const added = results.counted.map((value, i) => value / (results.silent[i] ?? NaN) - 1);
  console.log(
    `CPU a delivery, medians: ${counted.toFixed(4)} µs, ${silent.toFixed(4)} µs silent; ` +
      `counting adds ${percent(counted / silent - 1)} (median of the pairs ${percent(median(added))})`,
  );
  await stream.close();
  load.stop();
  nats.stop();
}

/** Checks that a service counts, or does not, so that the comparison is valid. */
async function expectMetrics(target: Target, mode: Mode): Promise<void> {
  const text = await (await fetch(new URL('/metrics', target.url([])))).text();
  const delivered = Number(/^nuts_messages_delivered_total (\d+)$/m.exec(text)?.[1]);
  const isWatched = text.includes('process_cpu_seconds_total');
  if (delivered > 0 === (mode === 'counted') && isWatched === (mode === 'counted')) return;
  throw new Error(`the ${mode} service has counted ${delivered} deliveries`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

await main(Number(process.argv[2] ?? 16));
