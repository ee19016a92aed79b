// `npm run bench:requests`: what a request to a NATS service costs over HTTP, beside `nc.request`
// alone and a bare program with `http` and `nats`. All get the same requests, in turns.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { connect } from 'nats';
import { BenchStream } from './broker/bench-stream.js';
import { NatsProcess } from './broker/nats-process.js';
import { Program } from './programs/program.js';
import { startTargets } from './programs/start-target.js';

const BODY = JSON.stringify({ text: 'x'.repeat(180) });
const REQUESTS = Number(process.env['REQUESTS'] ?? 5_000);
const WARM_UP = 1_000;
const ROUNDS = 3;
const CROWD = 64;
const REPLIES = 20_000;
const ENV = {
  SERVICES_PATH: '/services',
  SERVICES_SUBJECT_PREFIX: 'services.',
  REQUEST_ANONYMOUS: 'true',
  REQUEST_MAX: String(2 * CROWD),
};

type AskOnce = () => Promise<unknown>;
interface Figures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

async function main(): Promise<void> {
  const nats = await NatsProcess.start(-1);
  process.once('exit', () => nats.stop());
  const stream = await BenchStream.open(nats.url);
  const env = { PATH: process.env['PATH'], NATS_URL: nats.url };
  const echo = spawn(process.execPath, [join(import.meta.dirname, 'limits/echo.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => echo.kill());
  await once(echo.stdout, 'data');
  const connection = await connect({ servers: nats.url });
  const bare = await Program.start({
    script: join(import.meta.dirname, 'limits/request.js'),
    env: { NATS_URL: nats.url },
  });
  const start = startTargets({
    natsUrl: nats.url,
    serviceScript: 'dist/src/main.js',
    serviceFlags: [],
  });
  const service = await start('service', { env: ENV });
  const { origin } = new URL(service.url(['bench.x']));
  const agent = new Agent({ keepAlive: true, maxSockets: CROWD });
  const ways: Record<string, AskOnce> = {
    'nc.request': () => connection.request('services.echo', BODY),
    'bare http + nats': () => post(agent, `${bare.origin}/services/echo`, BODY),
    service: () => post(agent, `${origin}/services/echo`, BODY),
  };
  const found: Record<string, Figures[]> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, ask] of Object.entries(ways)) {
      await measure(ask, WARM_UP, CROWD);
      const alone = await measure(ask, REQUESTS, 1);
      const { perSecond } = await measure(ask, REQUESTS, CROWD);
      (found[name] ??= []).push({ ...alone, perSecond });
    }
  }
  console.log(`${REQUESTS} requests of about 200 bytes, median of ${ROUNDS}:\n`);
  console.log(`| way | p50 ms, one at a time | p99 ms | requests/s, ${CROWD} at a time |`);
  console.log('| --- | --- | --- | --- |');
  for (const [name, all] of Object.entries(found)) console.log(row(name, median(all)));
  const seconds = await streamed(`${origin}/services/count`);
  console.log(`\nevent stream: ${(REPLIES / seconds).toFixed(0)} replies/s to one client`);
  agent.destroy();
  await Promise.all([bare.stop(), service.stop(), connection.close(), stream.close()]);
  echo.kill();
  nats.stop();
}

/** Keeps this many requests in flight. */
async function measure(ask: AskOnce, requests: number, atOnce: number): Promise<Figures> {
  const times: number[] = [];
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < requests) {
      sent += 1;
      const began = performance.now();
      await ask();
      times.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  const elapsedMs = performance.now() - began;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99), perSecond: (requests / elapsedMs) * 1000 };
}

function post(agent: Agent, url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const outgoing = request(url, { method: 'POST', agent, headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode}`));
      answer.resume().once('end', resolve);
    });
    outgoing.once('error', reject).end(body);
  });
}

/** Reads a stream of replies to its end; returns the duration in seconds. */
async function streamed(url: string): Promise<number> {
  const began = performance.now();
  const headers = { accept: 'text/event-stream' };
  const answer = await fetch(url, { method: 'POST', headers, body: String(REPLIES) });
  const text = await answer.text();
  if (!text.endsWith(`event: end\ndata: {"replies":${REPLIES}}\n\n`)) {
    throw new Error(`the stream ended with ${JSON.stringify(text.slice(-200))}`);
  }
  return (performance.now() - began) / 1000;
}

function median(all: readonly Figures[]): Figures {
  const sorted = [...all].sort((a, b) => a.p50Ms - b.p50Ms);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

function row(name: string, { p50Ms, p99Ms, perSecond }: Figures): string {
  return `| ${name} | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} | ${perSecond.toFixed(0)} |`;
}

await main();
