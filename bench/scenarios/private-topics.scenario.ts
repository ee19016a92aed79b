import { numbered, payloadOf } from '../broker/messages.js';
import { onTarget } from './on-target.js';
import { measurePaced } from './paced-load.js';
import type { Scenario } from './scenario.interface.js';

const COMMON = 'bench.common';
const PRIVATE = 'bench.user';

/** No two clients have the same topics: nothing is shared but the common topic's messages. */
export const privateTopics: Scenario = {
  name: 'private',
  title: '2 000 clients, each its own topic and a common one, 50 + 50 messages a second',
  targets: ['service', 'http'],
  isForPeers: true,
  isQuick: false,
  figures: [
    { metric: 'cpuMicrosADelivery', label: 'CPU a delivery', unit: 'µs' },
    { metric: 'cpuShare', label: 'CPU time of the server', unit: '% of a core' },
    { metric: 'p99Ms', label: 'stored to received, p99', unit: 'ms' },
  ],
  goals: [
    {
      label: 'CPU a delivery to the paced scenario',
      value: (read) =>
        read('service', 'cpuMicrosADelivery') / read('service', 'cpuMicrosADelivery', 'paced'),
      at: 'most',
      bound: 2,
      unit: '×',
    },
  ],

  measure: (stage, name) =>
    onTarget(stage, name, {}, async (target) => {
      const { load, stream } = stage;
      const [clients, seconds] = stage.isQuick ? [200, 3] : [2000, 8];
      const url = target.url([`${PRIVATE}.{i}`, COMMON]);
      await load.open({ group: 'private', count: clients, url, checkEvery: 10 });
      const topics = numbered(PRIVATE, 50).flatMap((own) => [own, COMMON]);
      const feed = { group: 'private', topics, perSecond: 100, seconds, payloadBytes: 200 };
      const metrics = await measurePaced(stage, target, feed);
      // The last message of all clients: the private ones end with different IDs.
      const { last } = await stream.burst([COMMON], 1, payloadOf(200));
      await load.until('private', last);
      const { lost, disorder } = await load.report('private');
      if (lost + disorder > 0) throw new Error(`${lost} lost, ${disorder} out of order`);
      const deliveries = (metrics.messages / 2) * (clients + 1);
      return { ...metrics, cpuMicrosADelivery: (1000 * (metrics['cpuMs'] ?? NaN)) / deliveries };
    }),
};
