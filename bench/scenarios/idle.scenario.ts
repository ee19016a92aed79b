import { pause } from '../programs/until.js';
import { absolute } from './goals.js';
import { onTarget } from './on-target.js';
import type { Scenario } from './scenario.interface.js';

const TOPIC = 'bench.common';
const SETTLE_MS = 1000;

/** The memory of an idle connection. */
export const idle: Scenario = {
  name: 'idle',
  title: '5 000 idle connections, after a collection',
  targets: ['service', 'http', 'sse'],
  isForPeers: false,
  isQuick: true,
  figures: [
    { metric: 'heapKilobytes', label: 'heap a connection', unit: 'KB' },
    { metric: 'residentKilobytes', label: 'resident a connection', unit: 'KB' },
    { metric: 'externalKilobytes', label: 'outside the heap a connection', unit: 'KB' },
  ],
  goals: [
    absolute('heapKilobytes', 'most', 20, 'KB', 'heap a connection'),
    absolute('residentKilobytes', 'most', 30, 'KB', 'resident a connection'),
  ],

  measure: (stage, name) =>
    onTarget(stage, name, {}, async (target) => {
      const { load, isQuick } = stage;
      const count = isQuick ? 500 : 5000;
      const crowd = { url: target.url([TOPIC]), checkEvery: 1 };
      // Memory that is allocated once, by the first requests, does not count.
      await load.open({ ...crowd, group: 'warm', count: 200 });
      await load.close('warm');
      await pause(SETTLE_MS);
      const before = await target.memory();
      await load.open({ ...crowd, group: 'idle', count });
      await pause(SETTLE_MS);
      const after = await target.memory();
      if (before === undefined || after === undefined) {
        throw new Error('only a program that the bench started tells its memory');
      }
      const grown = (key: keyof NodeJS.MemoryUsage): number =>
        (after[key] - before[key]) / count / 1024;
      return {
        heapKilobytes: grown('heapUsed'),
        residentKilobytes: grown('rss'),
        externalKilobytes: grown('external'),
      };
    }),
};
