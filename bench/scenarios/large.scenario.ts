import { ratioTo } from './goals.js';
import { onTarget } from './on-target.js';
import { measurePaced } from './paced-load.js';
import type { Scenario } from './scenario.interface.js';
import { verify } from './verify.js';

const TOPIC = 'bench.large';
const BYTES = 64 * 1024;

/** Large messages: the transfer without the cost per frame. */
export const large: Scenario = {
  name: 'large',
  title: '200 clients, 50 messages of 64 KiB a second',
  targets: ['service', 'http'],
  isForPeers: true,
  isQuick: false,
  figures: [
    { metric: 'megabytesPerSecond', label: 'bytes', unit: 'MB/s' },
    { metric: 'cpuShare', label: 'CPU time of the server', unit: '% of a core' },
    { metric: 'p99Ms', label: 'stored to received, p99', unit: 'ms' },
  ],
  goals: [ratioTo('http', 'megabytesPerSecond', 'least', 0.8, 'bytes a second to bare http')],

  measure: (stage, name) =>
    onTarget(stage, name, {}, async (target) => {
      const [clients, seconds] = stage.isQuick ? [50, 2] : [200, 5];
      await stage.load.open({
        group: 'large',
        count: clients,
        url: target.url([TOPIC]),
        checkEvery: 50,
      });
      const feed = { group: 'large', topics: [TOPIC], perSecond: 50, seconds, payloadBytes: BYTES };
      const metrics = await measurePaced(stage, target, feed);
      const report = await stage.load.report('large');
      verify(report, metrics.messages);
      return {
        ...metrics,
        megabytesPerSecond: report.bytes / 1000 / (metrics['elapsedMs'] ?? NaN),
      };
    }),
};
