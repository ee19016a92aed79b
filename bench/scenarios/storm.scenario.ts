import { numbered, payloadOf } from '../broker/messages.js';
import type { Target } from '../programs/target.interface.js';
import { absolute, ratioTo } from './goals.js';
import { onTarget } from './on-target.js';
import type { Metrics, Scenario, Stage } from './scenario.interface.js';

const HOT = 'bench.common';
const QUIET = 'bench.quiet';
const BEHIND = 200;
const QUIET_TOPICS = 1000;

/** All clients reconnect at once, to a server that has been running for a while. */
export const storm: Scenario = stormScenario(
  'storm',
  '5 000 clients come back 200 messages behind, a fifth of them on quiet topics',
  async (stage, target) => {
    // The first storm warms the code up; the second is the one that counts.
    await comeBack(stage, target);
    await stage.load.closeAll();
    return comeBack(stage, target);
  },
);

/** The same right after a restart: nothing is warm, and the window has just been read. */
export const stormAfterRestart: Scenario = stormScenario(
  'storm-restart',
  'the same, right after a restart of the server',
  comeBack,
);

function stormScenario(
  name: string,
  title: string,
  measure: (stage: Stage, target: Target) => Promise<Metrics>,
): Scenario {
  return {
    name,
    title,
    targets: ['service', 'http', 'sse'],
    isForPeers: true,
    isQuick: name === 'storm',
    figures: [
      { metric: 'elapsedMs', label: 'until the last client has everything', unit: 'ms' },
      { metric: 'p99Ms', label: 'a client, p99', unit: 'ms' },
      { metric: 'cpuMs', label: 'CPU time of the server', unit: 'ms' },
      { metric: 'consumersCreated', label: 'JetStream consumers created', unit: '' },
    ],
    goals: [
      absolute('consumersCreated', 'most', 0, '', 'JetStream consumers created'),
      ratioTo('http', 'elapsedMs', 'most', 4, 'time to bare http'),
      ratioTo('sse', 'elapsedMs', 'most', 1.3, 'time to an `@Sse()` route'),
    ],
    prepare: async ({ stream }) => {
      await stream.empty();
      await stream.burst(numbered(QUIET, QUIET_TOPICS), QUIET_TOPICS, payloadOf(200));
      await stream.burst([HOT], 2 * BEHIND, payloadOf(200));
    },
    measure: (stage, target) => onTarget(stage, target, {}, (running) => measure(stage, running)),
  };
}

async function comeBack(stage: Stage, target: Target): Promise<Metrics> {
  const { stream, load, isQuick } = stage;
  const clients = isQuick ? 500 : 5000;
  const quiet = clients / 5;
  const last = await stream.last();
  const lastEventId = String(last - BEHIND);
  const stopCounting = await stream.countConsumers();
  const cpuBefore = target.cpuMs();
  const crowd = { lastEventId, concurrency: clients, checkEvery: 20 };
  const [hot, other] = await Promise.all([
    load.open({
      ...crowd,
      group: 'hot',
      count: clients - quiet,
      url: target.url([HOT]),
      until: last,
    }),
    load.open({ ...crowd, group: 'quiet', count: quiet, url: target.url([`${QUIET}.{i}`]) }),
  ]);
  const { checking, checkedFrames } = await load.report('hot');
  if (checkedFrames !== checking * BEHIND) throw new Error('a client did not get its backlog');
  return {
    elapsedMs: Math.max(hot.elapsedMs, other.elapsedMs),
    p99Ms: hot.opening.percentile(0.99),
    cpuMs: target.cpuMs() - cpuBefore,
    consumersCreated: await stopCounting(),
  };
}
