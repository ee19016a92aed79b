import { type ContractStream, startStream } from '../../contract/contract-app.js';
import type { RawSse } from '../../support/raw-sse.js';
import { Service } from '../../support/service.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';
import {
  FLEET_ENV,
  listen,
  presence,
  type PresenceBody,
  statusOf,
  untilProcesses,
} from './fleet-rig.js';

// A killed process counts for 30 s: `FLEET_FAULTS=full` waits for that.
const FULL = process.env['FLEET_FAULTS'] === 'full';

jest.setTimeout(90_000);

let stream: ContractStream;
let proxy: TcpProxy;
let near: Service;
let fragile: Service;
let far: Service;

function startProcess(natsUrl: string): Promise<Service> {
  return Service.start({
    env: {
      ...FLEET_ENV,
      NATS_URL: natsUrl,
      STREAM_NAME: 'EVENTS',
      TOPIC_PREFIX: 'events.',
      MAX_CONNECTIONS_PER_CLIENT: '2',
      DRAIN_WINDOW: '0.2',
    },
  });
}

beforeAll(async () => {
  stream = await startStream();
  proxy = await TcpProxy.start(stream.nats.port);
  [near, fragile, far] = await Promise.all([
    startProcess(stream.nats.url),
    startProcess(stream.nats.url),
    startProcess(proxy.url('nats')),
  ]);
  for (const { url } of [near, fragile, far]) await untilProcesses(url, 3);
});

const open: RawSse[] = [];
async function join(service: Service, user: string): Promise<RawSse> {
  const client = await listen(service.url, user);
  open.push(client);
  return client;
}

afterEach(() => {
  for (const client of open.splice(0)) client.abort();
});

function tell(what: string, figures: object): void {
  process.stdout.write(`fleet: ${what} ${JSON.stringify(figures)}\n`);
}

/** The answer of a process, and its duration. */
async function ask(service: Service): Promise<PresenceBody & { users: string[]; ms: number }> {
  const began = performance.now();
  const body = await presence(service.url);
  const users = (body.topics['a']?.clients ?? []).map(({ subject }) => subject);
  return { ...body, users, ms: Math.round(performance.now() - began) };
}

async function close(subject: string): Promise<{ ms: number; answer: unknown }> {
  const began = performance.now();
  const body = JSON.stringify({ subject });
  const request = stream.connection.request('nuts.fleet.shop.close', body, { timeout: 5000 });
  const answer: unknown = (await request).json();
  return { answer, ms: Math.round(performance.now() - began) };
}

const whole = async (service: Service): Promise<boolean> => {
  const { answered, processes } = await presence(service.url);
  return answered === 3 && processes === 3;
};

it('a frozen process: the others answer in time, and it catches up when it runs again', async () => {
  const there = await join(fragile, 'user-7');
  await join(near, 'user-7');
  fragile.signal('SIGSTOP');
  const during = await until(async () => {
    const answer = await ask(near);
    return answer.answered === 2 && answer;
  });
  tell('presence with a frozen process', during);
  expect(during).toMatchObject({ processes: 3, users: ['user-7'], topics: { a: { streams: 1 } } });
  // The service waits 300 ms; the rest is a margin for a busy machine.
  expect(during.ms).toBeGreaterThanOrEqual(290);
  expect(during.ms).toBeLessThan(3000);
  // Requests are always answered, whichever process is frozen.
  for (const closed of [1, 0, 0]) {
    const { answer, ms } = await close('user-7');
    tell('closing with a frozen process', { answer, ms });
    expect(answer).toEqual({ closed, processes: 3, answered: 2 });
  }
  expect(there.over).toBeUndefined();
  fragile.signal('SIGCONT');
  const began = performance.now();
  expect(await there.ended()).toBe('end');
  await until(() => whole(near));
  tell('it runs again', { wholeAfterMs: Math.round(performance.now() - began) });
});

it.each(['cut', 'blackHole'] as const)(
  'a process without NATS (%s): each counts and answers for itself, and both merge again later',
  async (fault) => {
    await join(near, 'user-8');
    await join(near, 'user-8');
    await until(async () => (await statusOf(far.url, 'user-8')) === 429);
    proxy[fault]();
    const alone = await until(async () => {
      const answer = await ask(far);
      return answer.answered === 1 && answer;
    });
    tell(`presence of a process without NATS (${fault})`, alone);
    expect(alone).toMatchObject({ processes: 3, users: [] });
    const others = await until(async () => {
      const answer = await ask(near);
      return answer.answered === 2 && answer;
    });
    expect(others).toMatchObject({ processes: 3, users: ['user-8'] });
    // As long as the process considers itself connected, its last state is used.
    if (fault === 'cut') {
      await until(async () => (await statusOf(far.url, 'user-8')) !== 429);
    }
    proxy.restore();
    const began = performance.now();
    await until(async () => (await whole(near)) && (await whole(far)), { timeoutMs: 20_000 });
    await until(async () => (await statusOf(far.url, 'user-8')) === 429);
    tell(`both sides are one again (${fault})`, { ms: Math.round(performance.now() - began) });
  },
);

it('a process that shuts down is removed at once; one that was killed is not waited for long', async () => {
  await join(fragile, 'user-9');
  await join(near, 'user-9');
  await until(async () => (await ask(near)).topics['a']?.streams === 2);
  await fragile.stop('SIGKILL');
  const killed = await ask(near);
  tell('presence after a kill', killed);
  expect(killed).toMatchObject({
    processes: 3,
    answered: 2,
    topics: { a: { clients: [{ subject: 'user-9', streams: 1 }] } },
  });
  const [left] = await Promise.all([
    until(async () => {
      const answer = await ask(near);
      return answer.processes === 2 && answer;
    }),
    far.stop(),
  ]);
  tell('presence after a shutdown', left);
  expect(left).toMatchObject({ answered: 1, users: ['user-9'] });
  if (!FULL) return;
  const began = performance.now();
  await untilProcesses(near.url, 1, 60_000);
  tell('the killed process is forgotten', { ms: Math.round(performance.now() - began) });
});
