import type { NutsServer } from '../../src/server/nuts-server.js';
import { until } from '../support/until.js';
import { type ContractStream, startApp, startStream } from './contract-app.js';

let stream: ContractStream;
let server: NutsServer;
beforeAll(async () => {
  stream = await startStream();
  server = await startApp(stream);
});

/** The first line that a client receives: an event's name or a comment. */
async function firstLine(): Promise<string> {
  const leave = new AbortController();
  const response = await fetch(`${server.url}/events?topic=a`, {
    headers: { accept: 'text/event-stream' },
    signal: leave.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!/\S.*\n/.test(text)) text += (await reader?.read())?.value ?? ': nothing\n';
  leave.abort();
  return text.trimStart().split('\n')[0] ?? '';
}

async function isReady(): Promise<boolean> {
  return (await fetch(`${server.url}/readyz`)).ok;
}

async function tailConsumers(): Promise<string[]> {
  const consumers = await stream.jsm.consumers.list('EVENTS').next();
  return consumers.map(({ name }) => name);
}

describe('requests while the shared reader recovers (contract §2)', () => {
  it('wait if its consumer was deleted', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1100));
    for (const name of await tailConsumers()) await stream.jsm.consumers.delete('EVENTS', name);
    const lines = await Promise.all(Array.from({ length: 50 }, firstLine));
    expect(new Set(lines)).toEqual(new Set(['event: connected']));
  });

  it.each([0, 2500])('wait if the stream was recreated after %i ms', async (ms) => {
    await until(isReady);
    await stream.jsm.streams.delete('EVENTS');
    if (ms > 0) {
      await until(async () => !(await isReady()));
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    await stream.jsm.streams.add({ name: 'EVENTS', subjects: ['events.>'] });
    const lines = await Promise.all(Array.from({ length: 50 }, firstLine));
    expect(new Set(lines)).toEqual(new Set(['event: connected']));
  });

  it('wait a second at most, and not at all while NATS is disconnected', async () => {
    await until(isReady);
    await stream.jsm.streams.delete('EVENTS');
    await until(async () => !(await isReady()));
    let asked = performance.now();
    expect(await firstLine()).toBe(': JetStream not available');
    expect(performance.now() - asked).toBeLessThan(3000);
    await stream.nats.stop();
    await until(async () =>
      /nats_disconnected/.test(await (await fetch(`${server.url}/readyz`)).text()),
    );
    asked = performance.now();
    expect(await firstLine()).toBe(': JetStream not available');
    expect(performance.now() - asked).toBeLessThan(500);
  });
});
