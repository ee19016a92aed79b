// `npm run bench`: the service and the limit programs under the same load, side by side.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readArguments, USAGE, type BenchArguments } from './arguments.js';
import { BenchRunner } from './bench-runner.js';
import { BenchStream } from './broker/bench-stream.js';
import { NatsProcess } from './broker/nats-process.js';
import { STREAM } from './broker/messages.js';
import { LoadFleet } from './load/load-fleet.js';
import { startTargets } from './programs/start-target.js';
import type { BenchResults, ScenarioResult } from './results/results.interface.js';
import { machine } from './results/surroundings.js';
import { tableOf } from './results/table.js';
import { SCENARIOS } from './scenarios/index.js';
import type { Scenario } from './scenarios/scenario.interface.js';

const say = (line: string): void => console.error(`… ${line}`);

function choose({ scenarios, isQuick }: BenchArguments): readonly Scenario[] {
  const unknown = scenarios.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  const known = SCENARIOS.map(({ name }) => name).join(', ');
  if (unknown !== undefined) throw new Error(`no scenario "${unknown}"; there are ${known}`);
  if (scenarios.length > 0) return SCENARIOS.filter(({ name }) => scenarios.includes(name));
  return isQuick ? SCENARIOS.filter((scenario) => scenario.isQuick) : SCENARIOS;
}

async function bench(args: BenchArguments): Promise<BenchResults> {
  const before = machine();
  const nats = args.natsUrl === undefined ? await NatsProcess.start(args.natsPort) : undefined;
  const natsUrl = args.natsUrl ?? nats?.url ?? '';
  const load = new LoadFleet(args.loadProcesses);
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  process.once('exit', () => {
    load.stop();
    nats?.stop();
  });
  const stream = await BenchStream.open(natsUrl);
  if (args.url !== undefined) say(`the peer's stream is ${STREAM} on ${natsUrl}: ${args.url}`);
  const start = startTargets({
    natsUrl,
    serviceScript: args.service,
    serviceFlags: args.serviceFlags,
    ...(args.url !== undefined && {
      peer: { url: args.url, ...(args.pid !== undefined && { pid: args.pid }) },
    }),
  });
  if (args.isQuick) say('quick: far smaller crowds than the titles say; only ratios mean anything');
  const stage = { stream, load, start, isQuick: args.isQuick };
  const runner = new BenchRunner(stage, { runs: args.runs, hasPeer: args.url !== undefined }, say);
  const scenarios: ScenarioResult[] = [];
  for (const scenario of choose(args)) {
    const result = await runner.run(scenario);
    console.log(tableOf(result));
    scenarios.push(result);
  }
  const surroundings = {
    ...before,
    natsServer: stream.serverVersion,
    flags: ['--expose-gc', ...args.serviceFlags].join(' '),
    loadProcesses: args.loadProcesses,
    runs: args.runs,
    isQuick: args.isQuick,
    ...(args.url !== undefined && { peer: args.name }),
  };
  await stream.close();
  return { surroundings, scenarios };
}

try {
  const args = readArguments(process.argv.slice(2));
  const results = await bench(args);
  mkdirSync(dirname(args.json), { recursive: true });
  writeFileSync(args.json, `${JSON.stringify(results, null, 1)}\n`);
  const failed = results.scenarios.filter(({ failure }) => failure !== undefined);
  console.log(`\nresults: ${args.json}`);
  // A missed goal is a result; only a scenario that could not be measured is a failure.
  process.exit(failed.length > 0 ? 1 : 0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(USAGE);
  process.exit(1);
}
