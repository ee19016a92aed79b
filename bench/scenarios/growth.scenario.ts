import { onTarget } from './on-target.js';
import { measurePaced } from './paced-load.js';
import type { ReadMetric, Scenario } from './scenario.interface.js';

const TOPIC = 'bench.common';
/** The numbers of clients that are compared; the report plots them. */
export const CROWDS = [10, 100, 1000, 5000] as const;

/** The cost of a delivery for a growing number of clients. */
export const growth: Scenario = {
  name: 'growth',
  title: 'CPU time of a delivery at 10, 100, 1 000 and 5 000 clients, 20 messages a second',
  targets: ['service', 'http'],
  isForPeers: true,
  isQuick: false,
  figures: CROWDS.map((clients) => ({
    metric: `cpuMicros${String(clients)}`,
    label: `CPU a delivery, ${String(clients)} clients`,
    unit: 'µs',
  })),
  goals: [
    {
      label: 'worst step from one crowd to the next (flat, within 10 %)',
      value: (read: ReadMetric): number => {
        const costs = CROWDS.map((clients) => read('service', `cpuMicros${String(clients)}`));
        return Math.max(...costs.slice(1).map((cost, index) => cost / (costs[index] ?? NaN)));
      },
      at: 'most',
      bound: 1.1,
      unit: '×',
    },
  ],

  measure: async (stage, name) => {
    const metrics: Record<string, number> = {};
    for (const clients of CROWDS) {
      await onTarget(stage, name, {}, async (target) => {
        const url = target.url([TOPIC]);
        await stage.load.open({ group: 'growth', count: clients, url, checkEvery: 10 });
        const feed = { group: 'growth', topics: [TOPIC], perSecond: 20, payloadBytes: 200 };
        const { cpuMs = NaN, messages } = await measurePaced(stage, target, {
          ...feed,
          seconds: 4,
        });
        metrics[`cpuMicros${clients}`] = (cpuMs * 1000) / (messages * clients);
      });
    }
    return metrics;
  },
};
