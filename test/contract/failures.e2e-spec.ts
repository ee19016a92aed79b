import type { LoggerService } from '@nestjs/common';
import { firstValueFrom, timeout } from 'rxjs';
import { loadConfiguration } from '../../src/config/configuration.loader.js';
import { NutsServer } from '../../src/server/nuts-server.js';
import { disposeAtEnd } from '../support/disposal.js';
import { startNats } from '../support/nats/index.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { type ContractStream, startStream } from './contract-app.js';

/** Keeps the messages of warnings. */
class WarningLog implements LoggerService {
  readonly warnings: string[] = [];
  warn(message: unknown): void {
    const { msg } = message as { msg?: string };
    this.warnings.push(msg ?? String(message));
  }
  log = (): void => undefined;
  error = this.log;
  debug = this.log;
}

let stream: ContractStream;
beforeAll(async () => {
  stream = await startStream();
});

async function start(env: Record<string, string>, logger?: LoggerService): Promise<NutsServer> {
  const options = loadConfiguration({
    NATS_URL: stream.nats.url,
    STREAM_NAME: 'EVENTS',
    HOST: '127.0.0.1',
    PORT: '0',
    ...env,
  });
  const server = await NutsServer.start(options, logger ?? false);
  disposeAtEnd(() => server.stop());
  return server;
}

/** The error message with which the process would end. */
async function sentence(env: Record<string, string>): Promise<string> {
  const server = await start(env);
  const failure = await firstValueFrom(server.failure$.pipe(timeout(8_000)));
  await server.stop();
  return failure.message;
}

describe('the error message of a failed startup (contract §7)', () => {
  it('names the settings of refused credentials', async () => {
    const guarded = await startNats({ config: 'authorization { user: u, password: p }' });
    const refused = { NATS_URL: guarded.url, NATS_USER: 'u', NATS_PASSWORD: 'hush-hush' };
    expect(await sentence(refused)).toMatch(/refused the credentials.*nats_user.*nats_password/);
  });

  it('names nats_url for credentials in the URL', async () => {
    const guarded = await startNats({ config: 'authorization { user: u, password: p }' });
    for (const own of ['u:hush-hush@', 'hush-hush@']) {
      const said = await sentence({ NATS_URL: guarded.url.replace('://', `://${own}`) });
      expect(said).toMatch(/refused the credentials.*see nats_url\.$/);
      expect(said).not.toContain('hush-hush');
    }
  });

  it('names the settings of a failed TLS check', async () => {
    const plain = { NATS_URL: stream.nats.url.replace('nats:', 'tls:') };
    expect(await sentence(plain)).toMatch(/TLS.*nats_tls_ca/);
  });

  it.each([
    ['NONE', /no stream NONE/],
    ['JOBS', /WorkQueue/],
  ])('names stream_name for %s', async (name, why) => {
    await stream.jsm.streams.add({
      name: 'JOBS',
      subjects: ['jobs'],
      retention: 'workqueue' as never,
    });
    const said = await sentence({ STREAM_NAME: name });
    expect(said).toMatch(/stream_name/);
    expect(said).toMatch(why);
  });
});

it('explains why a stream cannot be read, and becomes ready once it can', async () => {
  await stream.jsm.streams.add({ name: 'FULL', subjects: ['full'], max_consumers: 1 });
  await stream.jsm.consumers.add('FULL', { durable_name: 'other', ack_policy: 'none' as never });
  const log = new WarningLog();
  const server = await start({ STREAM_NAME: 'FULL' }, log);
  await until(() => log.warnings.includes('reading the stream was interrupted'));
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  await stream.jsm.consumers.delete('FULL', 'other');
  await until(async () => (await fetch(`${server.url}/readyz`)).ok);
});

it('warns about Interest retention, which keeps no history (contract §8)', async () => {
  await stream.jsm.streams.add({
    name: 'NEWS',
    subjects: ['news'],
    retention: 'interest' as never,
  });
  const log = new WarningLog();
  const server = await start({ STREAM_NAME: 'NEWS' }, log);
  await until(async () => (await fetch(`${server.url}/readyz`)).ok);
  expect(log.warnings.filter((line) => /NEWS.*Interest/.test(line))).toHaveLength(1);
});

it('warns about publishing to a mirror, which accepts no messages, and refuses each message', async () => {
  await stream.jsm.streams.add({ name: 'SOURCE', subjects: ['source.>'] });
  await stream.jsm.streams.add({ name: 'MIRROR', mirror: { name: 'SOURCE' } });
  const log = new WarningLog();
  const settings = { STREAM_NAME: 'MIRROR', PUBLISH: 'true', PUBLISH_ANONYMOUS: 'true' };
  const server = await start(settings, log);
  await until(async () => (await fetch(`${server.url}/readyz`)).ok);
  expect(log.warnings.filter((line) => /^publish: MIRROR has no subjects/.test(line))).toHaveLength(
    1,
  );
  const { status } = await fetch(`${server.url}/events/source/a`, { method: 'POST', body: '1' });
  expect(status).toBe(404);
});

it('is unready, and refuses requests temporarily, once its subjects no longer match', async () => {
  await stream.jsm.streams.add({ name: 'EDITED', subjects: ['edited.a.>', 'edited.b.>'] });
  const server = await start({ STREAM_NAME: 'EDITED', TOPIC_PREFIX: 'edited.a.' });
  const ready = async (): Promise<number> => (await fetch(`${server.url}/readyz`)).status;
  await until(async () => (await ready()) === 200);
  await stream.jsm.streams.update('EDITED', { subjects: ['edited.b.>'] });
  await until(async () => (await ready()) === 503);
  const turnedAway = await fetch(`${server.url}/events?topic=x`, {
    headers: { accept: 'text/event-stream' },
  });
  expect(turnedAway.status).toBe(200);
  expect(await turnedAway.text()).toMatch(/^: JetStream not available\nretry: \d+\n/m);
  await stream.jsm.streams.update('EDITED', { subjects: ['edited.>'] });
  await until(async () => (await ready()) === 200);
});

it('resumes at 0 in a mirror that was empty, because nothing is missing', async () => {
  await stream.jsm.streams.add({ name: 'ALL', subjects: ['all.>'] });
  for (let i = 0; i < 5; i++) await stream.js.publish('all.other', '1');
  const mirror = { name: 'ALL', filter_subject: 'all.wanted' };
  await stream.jsm.streams.add({ name: 'FILTERED', mirror });
  const server = await start({ STREAM_NAME: 'FILTERED', TOPIC_PREFIX: 'all.' });
  await until(async () => (await fetch(`${server.url}/readyz`)).ok);
  const opened = await RawSse.open(`${server.url}/events?topic=wanted`);
  await opened.waitForEvents(1);
  opened.abort();
  expect(opened.events[0]?.id).toBe('0');
  await stream.js.publish('all.wanted', '2');
  await until(async () => (await stream.jsm.streams.info('FILTERED')).state.messages === 1);
  const back = await RawSse.open(`${server.url}/events?topic=wanted&last-id=0`);
  await back.waitForEvents(2);
  expect(back.events.map(({ event }) => event)).toEqual(['connected', 'message']);
  expect(JSON.parse(back.events[0]?.data ?? '')).toMatchObject({ recovery: 'resumed' });
});
