import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type ContractStream, startStream } from '../contract/contract-app.js';
import { EventSourceClient } from '../support/event-source.js';
import { RawSse } from '../support/raw-sse.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';

let stream: ContractStream;
let env: Record<string, string>;
beforeAll(async () => {
  stream = await startStream();
  env = {
    NATS_URL: stream.nats.url,
    STREAM_NAME: 'EVENTS',
    TOPIC_PREFIX: 'events.',
    DRAIN_WINDOW: '0.5',
    TRANSIENT_RETRY: '0.2',
    NODE_ENV: 'production',
    WORKERS: '2',
  };
});

/** The processes of listening workers, from the log; the newest of each number. */
function workerPids(service: Service): Map<number, number> {
  const lines = service.logs.filter(({ msg }) => /^listening on/.test(String(msg)));
  return new Map(lines.map(({ worker, pid }) => [Number(worker), Number(pid)]));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function metric(url: string, series: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1));
}

describe('two workers behind one port (contract §14)', () => {
  let service: Service;
  let clients: EventSourceClient[];
  const topics = Array.from({ length: 40 }, (_, n) => `w${n % 4}`);
  beforeAll(async () => {
    service = await Service.start({ env });
    clients = topics.map((topic) => new EventSourceClient(`${service.url}/events?topic=${topic}`));
    await Promise.all(clients.map((client) => client.connected()));
  });

  it('log with their number, and share the clients', async () => {
    expect([...workerPids(service).keys()].sort()).toEqual([1, 2]);
    const ready = service.logs.find(({ msg }) => /^2 workers are listening/.test(String(msg)));
    expect(ready?.['msg']).toContain(service.url);
    // A new connection for each, so that both workers receive requests.
    for (let n = 0; n < 6; n++) {
      const answer = await RawSse.open(`${service.url}/metrics`);
      await answer.ended();
      expect(answer.body).toMatch(/^nuts_active_connections 40$/m);
      expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    }
  });

  it('lose no messages when one is killed under load, and it is replaced', async () => {
    const sent = new Map<string, number>();
    let isOver = false;
    const publishing = (async () => {
      while (!isOver) {
        for (const topic of new Set(topics)) {
          const n = (sent.get(topic) ?? 0) + 1;
          await stream.publish(topic, String(n));
          sent.set(topic, n);
        }
      }
    })();
    await Promise.all(clients.map((client) => client.waitFor(20)));
    const delivered = await metric(service.url, 'nuts_messages_delivered_total');
    const victim = workerPids(service).get(1) ?? 0;
    process.kill(victim, 'SIGKILL');
    await until(async () => (await fetch(`${service.url}/readyz`)).status === 503);
    expect((await fetch(`${service.url}/livez`)).status).toBe(200);
    await until(() => workerPids(service).get(1) !== victim, { timeoutMs: 20_000 });
    await service.waitUntilReady();
    isOver = true;
    await publishing;
    for (const [index, client] of clients.entries()) {
      const count = sent.get(topics[index] ?? '') ?? 0;
      await client.waitFor(count, 'message', { timeoutMs: 20_000 });
      const payloads = client.data<{ payload: number }>().map(({ payload }) => payload);
      expect(payloads).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    }
    const cut = clients.filter(({ opens }) => opens > 1).length;
    expect(cut).toBeGreaterThan(0);
    expect(cut).toBeLessThan(40);
    expect(await metric(service.url, 'nuts_messages_delivered_total')).toBeGreaterThan(delivered);
    await until(async () => (await metric(service.url, 'nuts_active_connections')) === 40);
    const ended = service.logs.find(({ msg }) => /^worker ended/.test(String(msg)));
    expect(ended).toMatchObject({ worker: 1, signal: 'SIGKILL', level: 'warn' });
  });

  it('drain together, each stream with a retry delay, and the service exits 0', async () => {
    for (const client of clients) client.close();
    const streams = await Promise.all(
      Array.from({ length: 20 }, () => RawSse.open(`${service.url}/events?topic=drained`)),
    );
    await Promise.all(streams.map((each) => each.waitForEvents(1)));
    const pids = [...workerPids(service).values()];
    service.signal('SIGTERM');
    for (const each of streams) {
      expect(await each.ended()).toBe('end');
      expect(each.frames.at(-1)?.retry).toBeGreaterThan(0);
    }
    expect(await service.exited).toEqual({ code: 0, signal: null });
    expect(pids.filter(isRunning)).toEqual([]);
  });
});

it('metrics and probes for all on the management port; killing the primary ends all workers', async () => {
  const service = await Service.start({
    env: { ...env, MANAGEMENT_PORT: '0' },
    waitFor: 'listening',
  });
  const management = await until(() => {
    const line = service.logs.find(({ msg }) => /^metrics and root probes/.test(String(msg)));
    return /http:\S+/.exec(String(line?.['msg']))?.[0];
  });
  await until(async () => (await fetch(`${management}/readyz`)).ok, { timeoutMs: 20_000 });
  const streams = await Promise.all(
    Array.from({ length: 12 }, () => RawSse.open(`${service.url}/events?topic=managed`)),
  );
  await Promise.all(streams.map((each) => each.waitForEvents(1)));
  for (let n = 0; n < 4; n++) {
    expect(await metric(management, 'nuts_active_connections')).toBe(12);
  }
  expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
  const pids = [...workerPids(service).values()];
  expect(pids).toHaveLength(2);
  await service.stop('SIGKILL');
  await until(() => !pids.some(isRunning), { what: 'the workers to be gone' });
});

describe('a failed startup ends with code 1 and one error message', () => {
  it('a missing stream', async () => {
    const { code, output } = await Service.run({ env: { ...env, STREAM_NAME: 'NONE' } });
    expect(code).toBe(1);
    expect(output.split('\n').filter((line) => /stream_name/i.test(line))).toHaveLength(1);
  });

  it('a taken port', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, output } = await Service.run({ env: { ...env, PORT: String(port) } });
    expect(code).toBe(1);
    expect(output).toContain(`PORT ${port} on 127.0.0.1 is in use by another program`);
    taken.close();
  });
});
