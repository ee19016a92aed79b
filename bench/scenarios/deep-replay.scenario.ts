import { payloadOf } from '../broker/messages.js';
import type { ReadOrder } from '../limits/consumer.js';
import { ProgramTarget } from '../programs/program.target.js';
import type { Target } from '../programs/target.interface.js';
import { ratioTo } from './goals.js';
import { onTarget } from './on-target.js';
import type { Scenario, Stage } from './scenario.interface.js';

const TOPIC = 'bench.deep';

/** One client reads all retained messages. */
export const deepReplay: Scenario = {
  name: 'deep',
  title: 'one client replays 500 000 retained messages of 200 bytes',
  targets: ['service', 'consumer'],
  isForPeers: true,
  isQuick: true,
  figures: [
    { metric: 'messagesPerSecond', label: 'messages', unit: '/s' },
    { metric: 'cpuMs', label: 'CPU time of the program', unit: 'ms' },
  ],
  goals: [ratioTo('consumer', 'messagesPerSecond', 'least', 0.6, 'rate to the bare consumer')],

  prepare: async ({ stream, isQuick }) => {
    await stream.empty();
    await stream.burst([TOPIC], isQuick ? 50_000 : 500_000, payloadOf(200));
  },

  measure: (stage, name) =>
    onTarget(stage, name, {}, async (target) => {
      const { first, last } = await stage.stream.bounds();
      const cpuBefore = target.cpuMs();
      const elapsedMs =
        target.name === 'consumer'
          ? await readBare(target, { consumers: 1, filter: TOPIC, after: first - 1, last })
          : await replay(stage, target, first - 1, last);
      return {
        messagesPerSecond: ((last - first + 1) / elapsedMs) * 1000,
        cpuMs: target.cpuMs() - cpuBefore,
      };
    }),
};

/** Asks the bare consumer program; returns its time in ms. */
export async function readBare(target: Target, order: ReadOrder): Promise<number> {
  if (!(target instanceof ProgramTarget)) throw new TypeError('only a limit program takes orders');
  return (await target.program.ask<{ elapsedMs: number }>(order)).elapsedMs;
}

async function replay(stage: Stage, target: Target, after: number, last: number): Promise<number> {
  const url = target.url([TOPIC]);
  const client = { group: 'deep', count: 1, url, lastEventId: String(after), until: last };
  const { elapsedMs } = await stage.load.open({ ...client, checkEvery: 1 });
  const { checkedFrames, disorder } = await stage.load.report('deep');
  if (checkedFrames !== last - after || disorder > 0) throw new Error('the replay has a gap');
  return elapsedMs;
}
