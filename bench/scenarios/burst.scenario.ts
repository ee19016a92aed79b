import { payloadOf } from '../broker/messages.js';
import { ratioTo } from './goals.js';
import { onTarget } from './on-target.js';
import type { Scenario } from './scenario.interface.js';
import { verify } from './verify.js';

const TOPIC = 'bench.common';
const WARM_UP = 500;

/** A thousand clients on one topic, and thousands of messages at once. */
export const burst: Scenario = {
  name: 'burst',
  title: '1 000 clients on one topic, 5 000 messages of 200 bytes at once',
  targets: ['service', 'http', 'sse'],
  isForPeers: true,
  isQuick: true,
  figures: [
    { metric: 'deliveriesPerSecond', label: 'deliveries', unit: '/s' },
    { metric: 'megabytesPerSecond', label: 'bytes', unit: 'MB/s' },
    { metric: 'cpuMicrosADelivery', label: 'CPU a delivery', unit: 'µs' },
  ],
  goals: [ratioTo('http', 'deliveriesPerSecond', 'least', 0.6, 'deliveries a second to bare http')],

  measure: (stage, name) =>
    onTarget(stage, name, {}, async (target) => {
      const { stream, load, isQuick } = stage;
      const [clients, messages] = isQuick ? [200, 2000] : [1000, 5000];
      const url = target.url([TOPIC]);
      await load.open({ group: 'burst', count: clients, url, checkEvery: 50 });
      const warm = await stream.burst([TOPIC], WARM_UP, payloadOf(200));
      await load.until('burst', warm.last);
      await load.reset('burst');
      const cpuBefore = target.cpuMs();
      const { beganMs, last } = await stream.burst([TOPIC], messages, payloadOf(200));
      const elapsedMs = (await load.until('burst', last)) - beganMs;
      const cpuMs = target.cpuMs() - cpuBefore;
      const report = await load.report('burst');
      verify(report, messages);
      const deliveries = clients * messages;
      return {
        deliveriesPerSecond: (deliveries / elapsedMs) * 1000,
        megabytesPerSecond: report.bytes / 1000 / elapsedMs,
        cpuMicrosADelivery: (cpuMs * 1000) / deliveries,
      };
    }),
};
