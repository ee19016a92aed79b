// `npm run bench:fleet`: what a fleet costs that does nothing. So many processes with so many clients
// each, which are only announced, beside the same processes without a fleet.
import { BenchStream } from './broker/bench-stream.js';
import { STREAM } from './broker/messages.js';
import { NatsProcess } from './broker/nats-process.js';
import { Program } from './programs/program.js';
import { ioBytes } from './programs/process-facts.js';
import { pause, until } from './programs/until.js';
import { median } from './results/evaluate.js';

const MEMBERS = Number(process.env['FLEET_MEMBERS'] ?? 10);
const CLIENTS = Number(process.env['FLEET_CLIENTS'] ?? 20_000);
const SECONDS = Number(process.env['FLEET_SECONDS'] ?? 60);
/** Lets the compiler and the garbage collector finish. */
const SETTLE_MS = 15_000;

/** Of one process, during the measurement. */
interface Cost {
  /** Share of a core, %. */
  readonly cpu: number;
  /** Read and written, sockets and files, KB/s. */
  readonly io: number;
  /** Heap after a collection, MB. */
  readonly heap: number;
}

async function measure(natsUrl: string, fleet: Record<string, string>): Promise<Cost[]> {
  const script = 'dist/bench/programs/fleet-member.js';
  const programs: Program[] = [];
  try {
    for (let member = 0; member < MEMBERS; member++) {
      const env = {
        NATS_URL: natsUrl,
        STREAM_NAME: STREAM,
        TOPIC_PREFIX: 'bench.',
        HOST: '127.0.0.1',
        PORT: '0',
        MAX_CONNECTIONS_PER_CLIENT: '2',
        MEMBER_NUMBER: String(member),
        MEMBER_CLIENTS: String(CLIENTS),
        MEMBERS: String(MEMBERS),
        ...fleet,
      };
      programs.push(await Program.start({ script, env }, '/readyz'));
    }
    for (const { output } of programs) if (/error/i.test(output)) throw new Error(output);
    await until(
      () => programs.every(({ output }) => output.includes('member: whole')),
      'a whole fleet',
      () => programs.map(({ output }) => output.slice(-300)).join('\n'),
      90_000,
    );
    const heaps: number[] = [];
    for (const program of programs) heaps.push((await program.memory()).heapUsed);
    await pause(SETTLE_MS);
    const before = programs.map((program) => ({ cpu: program.cpuMs(), io: ioBytes(program.pid) }));
    await pause(SECONDS * 1000);
    return programs.map((program, index) => ({
      cpu: (program.cpuMs() - (before[index]?.cpu ?? 0)) / SECONDS / 10,
      io: (ioBytes(program.pid) - (before[index]?.io ?? 0)) / SECONDS / 1000,
      heap: (heaps[index] ?? 0) / 1e6,
    }));
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
  }
}

function line(what: string, costs: readonly Cost[]): string {
  const of = (field: keyof Cost): string => {
    const values = costs.map((cost) => cost[field]);
    return `${median(values).toFixed(2)} (at most ${Math.max(...values).toFixed(2)})`;
  };
  return `${what}: ${of('cpu')} % of a core, ${of('io')} KB/s read and written, ${of('heap')} MB of heap`;
}

const nats = await NatsProcess.start(-1);
process.once('exit', () => nats.stop());
await (await BenchStream.open(nats.url)).close();
console.log(`${MEMBERS} processes, ${CLIENTS} announced clients each, ${SECONDS} s, medians:`);
console.log(line('without a fleet', await measure(nats.url, {})));
console.log(line('a fleet', await measure(nats.url, { FLEET: 'bench' })));
process.exit(0);
