import { payloadOf } from '../broker/messages.js';
import { Histogram, type HistogramData } from '../load/histogram.js';
import type { Target } from '../programs/target.interface.js';
import { pause } from '../programs/until.js';
import { readBare } from './deep-replay.scenario.js';
import { absolute, ratioTo, ratioToOwn } from './goals.js';
import { onTarget } from './on-target.js';
import { runPaced } from './paced-load.js';
import type { Metrics, Scenario, Stage } from './scenario.interface.js';

const DEEP = 'bench.deep';
const LIVE = 'bench.common';
const REPLAYS = 50;
const LIVE_CLIENTS = 100;
/** Replays before those that are measured. */
const WARM_UP = 3;
const feed = { group: 'live', topics: [LIVE], perSecond: 50, payloadBytes: 200 };

/** Fifty clients replay at once, far below a small window, beside clients that are live. */
export const deepCrowd: Scenario = {
  name: 'deep-50',
  title: '50 clients replay 40 000 messages each at once, window 1 000, beside 100 live clients',
  targets: ['service', 'consumer'],
  isForPeers: true,
  isQuick: false,
  figures: [
    { metric: 'messagesPerSecond', label: 'messages, all replays together', unit: '/s' },
    { metric: 'singlePerSecond', label: 'messages, one alone', unit: '/s' },
    { metric: 'megabytesAReplay', label: 'resident memory a replay, peak', unit: 'MB' },
    { metric: 'p99AloneMs', label: 'live p99 without replays', unit: 'ms' },
    { metric: 'p99BesideMs', label: 'live p99 beside them', unit: 'ms' },
  ],
  goals: [
    absolute('megabytesAReplay', 'most', 4, 'MB', 'memory a replay'),
    ratioTo(
      'consumer',
      'messagesPerSecond',
      'least',
      0.5,
      'all together to one bare consumer',
      'singlePerSecond',
    ),
    ratioToOwn('p99BesideMs', 'p99AloneMs', 'most', 2, 'live p99 to the one without replays'),
  ],

  prepare: async ({ stream, isQuick }) => {
    await stream.empty();
    await stream.burst([DEEP], isQuick ? 5000 : 40_000, payloadOf(200));
  },

  measure: (stage, name) =>
    onTarget(stage, name, { env: { WINDOW_MAX_MESSAGES: '1000' } }, async (target) => {
      const { first, last } = await stage.stream.bounds(DEEP);
      return target.name === 'consumer'
        ? readConsumers(target, first, last)
        : replayBesideLive(stage, target, first, last);
    }),
};

async function readConsumers(target: Target, first: number, last: number): Promise<Metrics> {
  const order = { filter: DEEP, after: first - 1, last };
  const messages = last - first + 1;
  await readBare(target, { ...order, consumers: 1 });
  const single = await readBare(target, { ...order, consumers: 1 });
  const before = target.residentBytes();
  const together = await readBare(target, { ...order, consumers: REPLAYS });
  return {
    singlePerSecond: (messages / single) * 1000,
    messagesPerSecond: ((REPLAYS * messages) / together) * 1000,
    megabytesAReplay: (target.residentBytes() - before) / REPLAYS / 1e6,
  };
}

async function replayBesideLive(
  stage: Stage,
  target: Target,
  first: number,
  last: number,
): Promise<Metrics> {
  const { load } = stage;
  await load.open({ group: 'live', count: LIVE_CLIENTS, url: target.url([LIVE]) });
  await runPaced(stage, { ...feed, seconds: 1 });
  const alone = await runPaced(stage, { ...feed, seconds: 5 });
  await target.memory();
  const before = target.residentBytes();
  let isOver = false;
  const peak = peakOf(target, () => isOver);
  const deep = {
    url: target.url([DEEP]),
    lastEventId: String(first - 1),
    until: last,
    concurrency: REPLAYS,
    checkEvery: 10,
  };
  // The garbage collection also discarded compiled code. The plain consumer warms up before it counts, too.
  await load.open({ ...deep, group: 'warm', count: WARM_UP });
  await load.close('warm');
  const replays = load.open({ ...deep, group: 'deep', count: REPLAYS });
  const beside: HistogramData[] = [];
  let ended: Awaited<typeof replays> | undefined;
  void replays.then((opened) => (ended = opened));
  while (ended === undefined) {
    beside.push((await runPaced(stage, { ...feed, seconds: 0.5 })).latency.data);
  }
  isOver = true;
  return {
    messagesPerSecond: ((REPLAYS * (last - first + 1)) / (await replays).elapsedMs) * 1000,
    megabytesAReplay: ((await peak) - before) / REPLAYS / 1e6,
    p99AloneMs: alone.latency.percentile(0.99),
    p99BesideMs: Histogram.from(...beside).percentile(0.99),
  };
}

async function peakOf(target: Target, isOver: () => boolean): Promise<number> {
  let peak = target.residentBytes();
  while (!isOver()) {
    peak = Math.max(peak, target.residentBytes());
    await pause(50);
  }
  return peak;
}
