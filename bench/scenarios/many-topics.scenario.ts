import { numbered } from '../broker/messages.js';
import { ratioTo } from './goals.js';
import { onTarget } from './on-target.js';
import { measurePaced } from './paced-load.js';
import type { Scenario } from './scenario.interface.js';

const TOPIC = 'bench.room';

/** One client per topic: the latency if nothing is shared. */
export const manyTopics: Scenario = {
  name: 'topics',
  title: '1 000 topics of one client each, 1 000 messages a second in all',
  targets: ['service', 'http', 'sse'],
  isForPeers: true,
  isQuick: true,
  figures: [
    { metric: 'p50Ms', label: 'stored to received, median', unit: 'ms' },
    { metric: 'p99Ms', label: 'stored to received, p99', unit: 'ms' },
    { metric: 'cpuShare', label: 'CPU time of the server', unit: '% of a core' },
  ],
  goals: [ratioTo('http', 'p99Ms', 'most', 1.5, 'p99 to bare http')],

  measure: (stage, name) =>
    onTarget(stage, name, {}, async (target) => {
      const { load, isQuick } = stage;
      const [count, seconds] = isQuick ? [200, 3] : [1000, 8];
      await load.open({ group: 'topics', count, url: target.url([`${TOPIC}.{i}`]), checkEvery: 1 });
      const feed = { group: 'topics', topics: numbered(TOPIC, count), perSecond: count };
      return measurePaced(stage, target, {
        ...feed,
        seconds,
        payloadBytes: 200,
        clientsAMessage: 1,
      });
    }),
};
