import { payloadOf } from '../broker/messages.js';
import { Histogram } from '../load/histogram.js';
import type { Target } from '../programs/target.interface.js';
import { pause } from '../programs/until.js';
import { ratioToOwn } from './goals.js';
import { onTarget } from './on-target.js';
import { runPaced } from './paced-load.js';
import type { Scenario, Stage } from './scenario.interface.js';

const DEEP = 'bench.deep';
const LIVE = 'bench.common';
const LIVE_CLIENTS = 450;
const STALLED = 50;
const PROBES = 20;
const feed = { group: 'live', topics: [LIVE], perSecond: 50, payloadBytes: 200 };

/** Readers that stop in the middle of a replay, more than there are replay slots. */
export const stalled: Scenario = {
  name: 'stalled',
  title: '50 stalled readers in a deep replay among 500 clients, window 1 000',
  targets: ['service'],
  isForPeers: true,
  isQuick: false,
  figures: [
    { metric: 'p99AloneMs', label: 'live p99 without them', unit: 'ms' },
    { metric: 'p99BesideMs', label: 'live p99 beside them', unit: 'ms' },
    { metric: 'firstAloneMs', label: "a new replay's first event without them", unit: 'ms' },
    { metric: 'firstBesideMs', label: "a new replay's first event beside them", unit: 'ms' },
  ],
  goals: [
    ratioToOwn('p99BesideMs', 'p99AloneMs', 'most', 1.2, 'live p99 to the one without them'),
    ratioToOwn('firstBesideMs', 'firstAloneMs', 'most', 2, "a new replay's first event"),
  ],

  prepare: async ({ stream }) => {
    await stream.empty();
    await stream.burst([DEEP], 20_000, payloadOf(2000));
  },

  measure: (stage, name) => {
    // No client may be disconnected for stalling during the measurement.
    const env = { WINDOW_MAX_MESSAGES: '1000', WRITE_TIMEOUT: '600' };
    return onTarget(stage, name, { env }, async (target) => {
      const { load, stream } = stage;
      const { first } = await stream.bounds();
      await load.open({
        group: 'live',
        count: LIVE_CLIENTS,
        url: target.url([LIVE]),
        checkEvery: 5,
      });
      await runPaced(stage, { ...feed, seconds: 1 });
      await firstEvent(stage, target, first);
      const firstAlone = await firstEvent(stage, target, first);
      const alone = await runPaced(stage, { ...feed, seconds: 5 });
      await load.open({
        group: 'stalled',
        count: STALLED,
        url: target.url([DEEP]),
        lastEventId: String(first - 1),
        stalled: true,
      });
      await pause(2000);
      const beside = await runPaced(stage, { ...feed, seconds: 5 });
      const firstBeside = await firstEvent(stage, target, first);
      return {
        p99AloneMs: alone.latency.percentile(0.99),
        p99BesideMs: beside.latency.percentile(0.99),
        firstAloneMs: firstAlone,
        firstBesideMs: firstBeside,
      };
    });
  },
};

/** Median time from a connection to the first event of its replay, one client after the other. */
async function firstEvent({ load }: Stage, target: Target, first: number): Promise<number> {
  const times = [];
  for (let probe = 0; probe < PROBES; probe++) {
    const { opening } = await load.open({
      group: 'probe',
      count: 1,
      url: target.url([DEEP]),
      lastEventId: String(first - 1),
      until: first,
    });
    times.push(opening.data);
    await load.close('probe');
  }
  return Histogram.from(...times).percentile(0.5);
}
