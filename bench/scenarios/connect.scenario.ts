import { ratioTo } from './goals.js';
import { onTarget } from './on-target.js';
import type { Scenario } from './scenario.interface.js';

const TOPIC = 'bench.common';

/** From a connection to its connected event. */
export const connect: Scenario = {
  name: 'connect',
  title: '3 000 clients connect, 256 at a time',
  targets: ['service', 'http', 'sse'],
  isForPeers: true,
  isQuick: true,
  figures: [
    { metric: 'clientsPerSecond', label: 'clients to the connected event', unit: '/s' },
    { metric: 'cpuMicrosAClient', label: 'CPU a client', unit: 'µs' },
    { metric: 'p99Ms', label: 'a client, p99', unit: 'ms' },
  ],
  goals: [
    ratioTo('http', 'clientsPerSecond', 'least', 0.33, 'clients a second to bare http'),
    ratioTo('sse', 'clientsPerSecond', 'least', 0.8, 'clients a second to an `@Sse()` route'),
  ],

  measure: (stage, name) =>
    onTarget(stage, name, {}, async (target) => {
      const { load, isQuick } = stage;
      const count = isQuick ? 500 : 3000;
      const crowd = { count, url: target.url([TOPIC]), concurrency: 256, checkEvery: 1 };
      await load.open({ ...crowd, group: 'warm', count: count / 2 });
      await load.close('warm');
      const cpuBefore = target.cpuMs();
      const { elapsedMs, opening } = await load.open({ ...crowd, group: 'connect' });
      return {
        clientsPerSecond: (count / elapsedMs) * 1000,
        cpuMicrosAClient: (1000 * (target.cpuMs() - cpuBefore)) / count,
        p99Ms: opening.percentile(0.99),
      };
    }),
};
