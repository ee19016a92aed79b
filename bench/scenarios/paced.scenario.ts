import { ratioTo } from './goals.js';
import { onTarget } from './on-target.js';
import { measurePaced } from './paced-load.js';
import type { Scenario } from './scenario.interface.js';
import { verify } from './verify.js';

const TOPIC = 'bench.common';

/** The everyday load: a thousand clients, a steady feed. */
export const paced: Scenario = {
  name: 'paced',
  title: '1 000 clients, 100 messages of 200 bytes a second',
  targets: ['service', 'http', 'sse'],
  isForPeers: true,
  isQuick: true,
  figures: [
    { metric: 'cpuShare', label: 'CPU time of the server', unit: '% of a core' },
    { metric: 'cpuMicrosADelivery', label: 'CPU a delivery', unit: 'µs' },
    { metric: 'p50Ms', label: 'stored to received, p50', unit: 'ms' },
    { metric: 'p99Ms', label: 'stored to received, p99', unit: 'ms' },
  ],
  goals: [
    ratioTo('http', 'cpuMs', 'most', 1.3, 'CPU time to bare http'),
    ratioTo('http', 'p99Ms', 'most', 1.5, 'p99 to bare http'),
  ],

  measure: (stage, name) =>
    onTarget(stage, name, {}, async (target) => {
      const [clients, seconds] = stage.isQuick ? [300, 3] : [1000, 8];
      const url = target.url([TOPIC]);
      await stage.load.open({ group: 'paced', count: clients, url, checkEvery: 10 });
      const feed = { group: 'paced', topics: [TOPIC], perSecond: 100, seconds, payloadBytes: 200 };
      const metrics = await measurePaced(stage, target, feed);
      verify(await stage.load.report('paced'), metrics.messages);
      const deliveries = clients * metrics.messages;
      return { ...metrics, cpuMicrosADelivery: (1000 * (metrics['cpuMs'] ?? NaN)) / deliveries };
    }),
};
