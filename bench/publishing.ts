// `npm run bench:publishing`: what a message costs that is published over HTTP, beside a bare
// program that does the same with `http` and `nats`. Both get the same requests, in turns.
import { Agent, request } from 'node:http';
import { BenchStream } from './broker/bench-stream.js';
import { NatsProcess } from './broker/nats-process.js';
import { payloadOf } from './broker/messages.js';
import { startTargets } from './programs/start-target.js';
import type { Target, TargetName } from './programs/target.interface.js';

const TOPIC = 'bench.published';
const PAYLOAD = payloadOf(200);
/** Concurrent requests. */
const AT_ONCE = 64;
const WARM_UP = 3_000;
const MESSAGES = Number(process.env['PUBLISH_MESSAGES'] ?? 20_000);
const ROUNDS = 3;
const ENV = { PUBLISH: 'true', PUBLISH_ANONYMOUS: 'true' };

interface Figures {
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function main(): Promise<void> {
  const nats = await NatsProcess.start(-1);
  process.once('exit', () => nats.stop());
  const stream = await BenchStream.open(nats.url);
  const start = startTargets({
    natsUrl: nats.url,
    serviceScript: 'dist/src/main.js',
    serviceFlags: [],
  });
  const found: Record<string, Figures[]> = { publish: [], service: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of ['publish', 'service'] satisfies TargetName[]) {
      await stream.empty();
      const target = await start(name, { env: ENV });
      await publish(target, WARM_UP);
      found[name]?.push(await publish(target, MESSAGES));
      await target.stop();
    }
  }
  const bare = median(found['publish'] ?? []);
  const ours = median(found['service'] ?? []);
  console.log(`${MESSAGES} messages of 200 bytes, ${AT_ONCE} at a time, median of ${ROUNDS}:\n`);
  console.log('| server | messages/s | CPU µs a message | p50 ms | p99 ms |');
  console.log('| --- | --- | --- | --- | --- |');
  console.log(row('bare http + nats', bare));
  console.log(row('service', ours));
  console.log(`\nratio of messages/s: ${(ours.perSecond / bare.perSecond).toFixed(2)}`);
  await stream.close();
  nats.stop();
}

/** Keeps this many requests in flight, over persistent connections. */
async function publish(target: Target, messages: number): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const url = target.url([TOPIC]);
  const times: number[] = [];
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < messages) {
      sent += 1;
      const began = performance.now();
      await publishOne(agent, url);
      times.push(performance.now() - began);
    }
  };
  const [cpu, began] = [target.cpuMs(), performance.now()];
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const elapsedMs = performance.now() - began;
  const cpuMs = target.cpuMs() - cpu;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? NaN;
  return {
    perSecond: (messages / elapsedMs) * 1000,
    cpuMicros: (cpuMs * 1000) / messages,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}

function publishOne(agent: Agent, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/plain', 'content-length': PAYLOAD.length };
    const outgoing = request(url, { method: 'POST', agent, headers }, (answer) => {
      if (answer.statusCode !== 201) reject(new Error(`status ${answer.statusCode}`));
      answer.resume().once('end', resolve);
    });
    outgoing.once('error', reject).end(PAYLOAD);
  });
}

function median(all: readonly Figures[]): Figures {
  const sorted = [...all].sort((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

function row(name: string, { perSecond, cpuMicros, p50Ms, p99Ms }: Figures): string {
  return `| ${name} | ${perSecond.toFixed(0)} | ${cpuMicros.toFixed(0)} | ${p50Ms.toFixed(1)} | ${p99Ms.toFixed(1)} |`;
}

await main();
