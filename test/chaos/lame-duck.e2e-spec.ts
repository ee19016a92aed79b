import { disposeAtEnd } from '../support/disposal.js';
import { startNatsCluster, type NatsServer } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { HttpPublisher } from './http-publisher.js';
import { Publisher } from './publisher.js';
import { Random } from './random.js';
import { ResumingClient } from './resuming-client.js';
import { QUICK, interruptionsOf, problemsOf, reached } from './rig.js';

/** A cluster with a replicated stream: its leader, and a server that is about to shut down. */
async function start(): Promise<{ lame: NatsServer; broker: Broker }> {
  const grace = 'lame_duck_duration: "30s"\nlame_duck_grace_period: "1s"';
  const { servers, url } = await startNatsCluster(3, { config: grace });
  const anywhere = await Broker.connect(url);
  await anywhere.createStream({ num_replicas: 3 });
  await until(() => anywhere.publish('events.a'));
  const { cluster } = await anywhere.manager.streams.info('EVENTS');
  const lame = servers.find(({ name }) => name !== cluster?.leader) as NatsServer;
  const leader = servers.find(({ name }) => name === cluster?.leader) as NatsServer;
  return { lame, broker: await Broker.connect(leader.url) };
}

/** The service's connections to a server; none if it has exited. */
async function connectionsTo(server: NatsServer): Promise<number> {
  const answer = await fetch(`${server.monitor}/connz`).catch(() => undefined);
  if (answer === undefined) return 0;
  const { connections } = (await answer.json()) as { connections: { name?: string }[] };
  return connections.filter(({ name }) => name?.startsWith('nuts_')).length;
}

/** Asks over HTTP until it is stopped, one question after the other. */
class Asker {
  readonly statuses = new Map<number, number>();
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(private readonly url: string) {
    this.running = this.run();
    disposeAtEnd(() => this.stop());
  }

  stop(): Promise<void> {
    this.stopped = true;
    return this.running;
  }

  private async run(): Promise<void> {
    const init = { method: 'POST', body: '?', headers: { accept: 'application/json' } };
    while (!this.stopped) {
      const answer = await fetch(this.url, init);
      await answer.text();
      this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    }
  }
}

it('the server is shut down in lame duck mode, under load: nobody notices', async () => {
  const { lame, broker } = await start();
  const service = await Service.start({
    env: {
      ...QUICK,
      NATS_URL: lame.url,
      WINDOW_MAX_MESSAGES: '100',
      PUBLISH: 'true',
      PUBLISH_ANONYMOUS: 'true',
      SERVICES_PATH: '/ask',
      SERVICES_SUBJECT_PREFIX: 'svc.',
      REQUEST_ANONYMOUS: 'true',
    },
  });
  broker.connection.subscribe('svc.>', {
    callback: (_error, message) => void setTimeout(() => message.respond('!'), 100),
  });
  const url = (): string => `${service.url}/events`;
  const options = { url, topics: ['a'], random: new Random(1) };
  const live = Array.from({ length: 3 }, () => new ResumingClient(options));
  const slow = new ResumingClient({ ...options, habits: { bytesPerSecond: 20_000 }, cursor: '0' });
  await until(() => [...live, slow].every(({ starts }) => starts.length === 1));
  const publisher = new Publisher(broker, { subjects: ['events.a'], perSecond: 500 });
  const posts = Array.from({ length: 4 }, () => new HttpPublisher(`${service.url}/events/a`));
  const askers = Array.from({ length: 3 }, () => new Asker(`${service.url}/ask/x`));
  await until(() => posts.every(({ stored }) => stored.size > 20));
  await lame.lameDuck();
  await until(async () => (await connectionsTo(lame)) === 0, { timeoutMs: 20_000 });
  await Promise.all([publisher, ...posts, ...askers].map((each) => each.stop()));
  for (const { outcomes } of posts) expect([...outcomes.keys()]).toEqual(['201']);
  for (const { statuses } of askers) expect([...statuses.keys()]).toEqual([200]);
  slow.shortenPause();
  const last = await broker.publish('events.a', '"end"');
  const stored = await broker.stored();
  for (const client of [...live, slow]) {
    await reached(client, last, 20_000);
    expect(problemsOf(client, stored)).toEqual([]);
    expect(interruptionsOf(client)).toEqual([]);
  }
  await until(async () => (await broker.consumers()).length === 1);
  const events = service.logs.map(({ msg }) => msg).filter((msg) => /^NATS/.test(String(msg)));
  expect(events).not.toContain('NATS disconnect');
  expect((await service.stop()).code).toBe(0);
}, 60_000);
