import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** The command line of `npm run bench`. */
export interface BenchArguments {
  readonly isQuick: boolean;
  /** Names of scenarios; empty means all. */
  readonly scenarios: readonly string[];
  readonly runs: number;
  readonly json: string;
  /** A peer's URL, and its name and process. */
  readonly url?: string;
  readonly name: string;
  readonly pid?: number;
  /** A running nats-server; otherwise one is started. */
  readonly natsUrl?: string;
  /** Port of the started server; -1 means a free port. */
  readonly natsPort: number;
  readonly loadProcesses: number;
  readonly service: string;
  readonly serviceFlags: readonly string[];
}

/** Results of a full run, from which the report is generated, and of any other run. */
const FULL = 'docs/benchmarks/results.json';
const PARTIAL = 'bench/results/last.tmp.json';

export const USAGE = `npm run bench -- [options]
  --quick               60 s, fewer clients and messages, one run
  --scenario a,b        only these
  --runs 3              the table shows the median
  --json FILE           where the results go (default of a full run: docs/benchmarks/results.json)
  --url URL             measure another SSE server on the same stream beside the service;
                        topics are appended as ?topic=…, or put in the place of {topics}
  --name NAME           its name in the table      --pid PID   its process, for CPU time and memory
  --nats-url URL        use this nats-server       --nats-port PORT   start one on this port
  --load-processes N    default: a quarter of the cores, at least 1
  --service FILE        built service (default dist/src/main.js)
  --service-flags=FLAGS flags of Node for the service, for instance --cpu-prof`;

/** Parses the command line; throws an `Error` that explains what is invalid. */
export function readArguments(args: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      scenario: { type: 'string', default: '' },
      runs: { type: 'string' },
      json: { type: 'string' },
      url: { type: 'string' },
      name: { type: 'string', default: 'peer' },
      pid: { type: 'string' },
      'nats-url': { type: 'string' },
      'nats-port': { type: 'string', default: '-1' },
      'load-processes': { type: 'string' },
      service: { type: 'string', default: 'dist/src/main.js' },
      'service-flags': { type: 'string', default: '' },
    },
  });
  const cores = availableParallelism();
  return {
    isQuick: values.quick,
    scenarios: words(values.scenario, ','),
    runs: count('runs', values.runs ?? (values.quick ? '1' : '3')),
    json: values.json ?? (values.quick || values.scenario !== '' ? PARTIAL : FULL),
    ...(values.url !== undefined && { url: values.url }),
    name: values.name,
    ...(values.pid !== undefined && { pid: count('pid', values.pid) }),
    ...(values['nats-url'] !== undefined && { natsUrl: values['nats-url'] }),
    natsPort: Number(values['nats-port']),
    loadProcesses: count(
      'load-processes',
      values['load-processes'] ?? String(Math.max(1, Math.floor(cores / 4))),
    ),
    service: values.service,
    serviceFlags: words(values['service-flags'], ' '),
  };
}

function words(text: string, separator: string): string[] {
  return text.split(separator).filter((word) => word !== '');
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} takes a number above 0, not "${text}"`);
}
