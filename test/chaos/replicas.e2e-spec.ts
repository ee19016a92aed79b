import { Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { Publisher } from './publisher.js';
import { Random } from './random.js';
import { QUICK, Rig, problemsOf, reached } from './rig.js';

/** Smaller than the lag: a client that changes over has to replay. */
const WINDOW = { WINDOW_MAX_MESSAGES: '200' };

describe('two processes, one of which lags', () => {
  it('clients that alternate between them lose nothing, and never fall back', async () => {
    const random = Random.ofRun('replicas');
    const rig = await Rig.start({
      env: WINDOW,
      prepare: (broker) => broker.fill(300, (i) => `events.${'ab'[i % 2]}`),
    });
    const link = await TcpProxy.start(rig.server.port);
    const lagging = await Service.start({
      env: { ...QUICK, ...WINDOW, NATS_URL: link.url('nats') },
    });
    const services = [rig.service, lagging];
    const clients = Array.from({ length: 16 }, (_, i) => {
      const mine = random.fork();
      let turn = i;
      return rig.client({
        url: () => `${services[(turn += 1) % 2]?.url}/events`,
        topics: i % 3 === 0 ? ['a', 'b'] : ['a'],
        random: mine,
        longestRetryMs: 50,
        habits: { leaves: { everyMs: 150, forMs: 30 } },
      });
    });
    const publisher = new Publisher(rig.broker, {
      subjects: ['events.a', 'events.b'],
      perSecond: 1000,
    });
    // What the link carries comes late, in pieces: the process behind it is always a little behind.
    const until5s = performance.now() + 5000;
    while (performance.now() < until5s) {
      link.blackHole();
      await new Promise((resolve) => setTimeout(resolve, random.between(20, 250)));
      link.restore();
      await new Promise((resolve) => setTimeout(resolve, random.between(5, 60)));
    }
    await publisher.stop();
    const last = await rig.broker.publish('events.a', '"end"');
    const stored = await rig.broker.stored();
    for (const client of clients) {
      client.shortenPause();
      await reached(client, last);
      expect(problemsOf(client, stored)).toEqual([]);
      expect(client.starts.map(({ recovery }) => recovery)).not.toContain('fallback');
      expect(client.connections).toBeGreaterThan(10);
    }
  });

  it('a cursor of the other process waits, or gets a transient answer, while this one receives nothing', async () => {
    const rig = await Rig.start();
    const link = await TcpProxy.start(rig.server.port);
    const deaf = await Service.start({ env: { ...QUICK, NATS_URL: link.url('nats') } });
    await rig.broker.fill(5, () => 'events.a');
    link.blackHole();
    await rig.broker.fill(5, () => 'events.a');
    const client = rig.client({ url: () => `${deaf.url}/events`, cursor: '10' });
    await until(() => client.comments.length + client.starts.length > 0);
    link.restore();
    const last = await rig.broker.publish('events.a');
    await reached(client, last);
    expect(client.starts.map(({ recovery }) => recovery)).not.toContain('fallback');
    expect(client.history.current.received).toEqual([last]);
    expect(client.history.violations).toEqual([]);
  });
});
