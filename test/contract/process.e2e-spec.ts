import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { disposeAtEnd } from '../support/disposal.js';
import { EventSourceClient } from '../support/event-source.js';
import { freePort } from '../support/free-port.js';
import { startNats } from '../support/nats/index.js';
import { RawSse } from '../support/raw-sse.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { type ContractStream, startStream } from './contract-app.js';

let stream: ContractStream;
let env: Record<string, string>;
beforeAll(async () => {
  stream = await startStream();
  env = { NATS_URL: stream.nats.url, STREAM_NAME: 'EVENTS', TOPIC_PREFIX: 'events.' };
});

describe('a failed startup ends with code 1 and an error message', () => {
  it('lists all configuration errors at once, without secrets', async () => {
    const { code, output } = await Service.run({
      env: {
        NATS_URL: 'http://x',
        HEARTBEAT_INTERVAL: 'soon',
        SUBSCRIBER_JWT_KEY: 'hush',
        PORT: '99999',
      },
    });
    expect(code).toBe(1);
    for (const name of ['NATS_URL', 'HEARTBEAT_INTERVAL', 'STREAM_NAME', 'PORT']) {
      expect(output).toContain(name);
    }
    expect(output).not.toContain('hush');
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('a port in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, output } = await Service.run({ env: { ...env, PORT: String(port) } });
    expect(code).toBe(1);
    expect(output).toContain(`PORT ${port} on 127.0.0.1 is in use by another program`);
    taken.close();
  });

  it('a missing stream', async () => {
    const { code, output } = await Service.run({ env: { ...env, STREAM_NAME: 'NONE' } });
    expect(code).toBe(1);
    expect(output).toMatch(/stream_name/i);
  });

  it('refused credentials', async () => {
    const guarded = await startNats({
      config: 'authorization { user: u, password: p }',
    });
    const { code, output } = await Service.run({
      env: { ...env, NATS_URL: guarded.url, NATS_USER: 'u', NATS_PASSWORD: 'hush-hush' },
    });
    expect(code).toBe(1);
    expect(output).toMatch(/nats_(user|password)/i);
    expect(output).not.toContain('hush-hush');
  });

  it('a missing key file', async () => {
    const { code, output } = await Service.run({
      env: { ...env, SUBSCRIBER_JWT_PUBLIC_KEY: 'missing.pem' },
    });
    expect(code).toBe(1);
    expect(output).toMatch(/subscriber_jwt_public_key/i);
  });
});

describe('signals', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s drains and exits 0', async (signal) => {
    const service = await Service.start({ env: { ...env, DRAIN_WINDOW: '0.5' } });
    const client = await RawSse.open(`${service.url}/events?topic=a`);
    await client.waitForEvents(1);
    const started = performance.now();
    service.signal(signal);
    expect(await client.ended()).toBe('end');
    expect(await service.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(client.frames.at(-1)?.retry).toBeGreaterThan(0);
  });

  it('exits 0 in time even if NATS is frozen and a reader stalls', async () => {
    const service = await Service.start({
      env: { ...env, DRAIN_WINDOW: '0.5', DRAIN_DELAY: '2.5' },
    });
    const stalled = await RawSse.open(`${service.url}/events?topic=stall`, { paused: true });
    for (let i = 0; i < 30; i += 1) await stream.publish('stall', 'x'.repeat(400_000));
    await stream.nats.freeze();
    try {
      const started = performance.now();
      service.signal('SIGTERM');
      await until(async () => (await fetch(`${service.url}/readyz`)).status === 503);
      // Immediately: before the end of the delay, after which streams end.
      expect(performance.now() - started).toBeLessThan(2_500);
      expect(await service.exited).toEqual({ code: 0, signal: null });
      expect(performance.now() - started).toBeLessThan(12_000);
    } finally {
      // Later tests use the same server.
      await stream.nats.thaw();
      stalled.abort();
    }
  });

  it('a second signal exits at once', async () => {
    const service = await Service.start({ env: { ...env, DRAIN_WINDOW: '60' } });
    const client = await RawSse.open(`${service.url}/events?topic=a`);
    service.signal('SIGTERM');
    await until(async () => (await fetch(`${service.url}/readyz`)).status === 503);
    // Earlier, it would be treated as a duplicate of the first.
    await pause(600);
    service.signal('SIGTERM');
    expect((await service.exited).code).toBe(143);
    client.abort();
  });

  it('a duplicate of the first signal does not cut the streams', async () => {
    const service = await Service.start({ env: { ...env, DRAIN_WINDOW: '0.5' } });
    const client = await RawSse.open(`${service.url}/events?topic=a`);
    service.signal('SIGTERM');
    await until(async () => (await fetch(`${service.url}/readyz`)).status === 503);
    service.signal('SIGTERM');
    expect(await client.ended()).toBe('end');
    expect((await service.exited).code).toBe(0);
  });

  it('reach the service through npm run start:prod', async () => {
    const port = await freePort();
    const npm = spawn('npm', ['run', '--silent', 'start:prod'], {
      env: {
        ...{ PATH: process.env['PATH'], HOME: process.env['HOME'] },
        ...{ ...env, HOST: '127.0.0.1', PORT: String(port), DRAIN_WINDOW: '0.5' },
      },
      stdio: 'ignore',
      // Its own process group, so that all of its processes can be killed.
      detached: true,
    });
    disposeAtEnd(() => {
      try {
        process.kill(-(npm.pid ?? 0), 'SIGKILL');
      } catch {
        // All of it has ended.
      }
    });
    const answers = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(answers, { timeoutMs: 20_000 });
    const client = await RawSse.open(`http://127.0.0.1:${port}/events?topic=a`);
    npm.kill('SIGTERM');
    expect(await client.ended()).toBe('end');
    expect(await once(npm, 'exit')).toEqual([0, null]);
  });

  it('a signal during startup exits 0', async () => {
    const service = await Service.start({
      env: { ...env, NATS_URL: 'nats://127.0.0.1:1' },
      waitFor: 'listening',
    });
    service.signal('SIGTERM');
    expect((await service.exited).code).toBe(0);
  });
});

it('stays alive, unready and retrying without NATS, and exits when the attempts are used up', async () => {
  const patient = await Service.start({
    env: { ...env, NATS_URL: 'nats://127.0.0.1:1', RECONNECT_WAIT: '1' },
    waitFor: 'listening',
  });
  expect((await fetch(`${patient.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${patient.url}/livez`)).status).toBe(200);
  await patient.stop();
  const { code: never, output } = await Service.run({
    env: { ...env, NATS_URL: 'nats://127.0.0.1:1', RECONNECT_WAIT: '0.1', MAX_RECONNECTS: '1' },
  });
  expect(never).toBe(1);
  expect(output).toMatch(/NATS could not be reached, and max_reconnects is used up/);
  const doomed = await startStream();
  const impatient = await Service.start({
    env: { ...env, NATS_URL: doomed.nats.url, MAX_RECONNECTS: '0' },
  });
  await doomed.nats.kill();
  const { code } = await impatient.exited;
  expect(code).not.toBe(0);
});

it('continues if nothing reads its output', async () => {
  const service = await Service.start({ env });
  service.closeOutput();
  for (let i = 0; i < 3; i++) {
    // Each of them is a line.
    const client = await RawSse.open(`${service.url}/events?topic=a`);
    await client.waitForEvents(1);
    client.abort();
  }
  await until(async () => {
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    return /^nuts_stream_closed_total\{.*client_context_done.*\} 3$/m.test(metrics);
  });
  expect(await service.stop()).toEqual({ code: 0, signal: null });
});

it('an EventSource receives every message once across a restart of the service', async () => {
  // A fixed port: an ephemeral one could be taken between the two processes.
  const again = { ...env, PORT: String(await freePort()) };
  const service = await Service.start({
    env: { ...again, DRAIN_WINDOW: '0.5', TRANSIENT_RETRY: '0.5' },
  });
  const client = new EventSourceClient(`${service.url}/events?topic=e`);
  await client.connected();
  await stream.publish('e', '1');
  await client.waitFor(1);
  await service.stop();
  await stream.publish('e', '2');
  const next = await Service.start({ env: again });
  await client.waitFor(2);
  await stream.publish('e', '3');
  await client.waitFor(3);
  expect(client.data<{ payload: number }>().map(({ payload }) => payload)).toEqual([1, 2, 3]);
  client.close();
  await next.stop();
});
