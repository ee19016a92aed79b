import { pause } from '../programs/until.js';
import { onTarget } from './on-target.js';
import type { Scenario, Stage } from './scenario.interface.js';
import type { Target } from '../programs/target.interface.js';

const SECONDS = 2;
/** The frame of the burst scenario. */
const FRAME_BYTES = 306;

/** The load client against a server that only writes constant buffers: the client's own limit. */
export const ceiling: Scenario = {
  name: 'ceiling',
  title: "the load client's own ceiling: a bare server that writes constant buffers",
  targets: ['ceiling'],
  isForPeers: false,
  isQuick: true,
  figures: [
    { metric: 'counting', label: 'frames read by clients that count', unit: '/s' },
    { metric: 'checking', label: 'frames read by clients that check each', unit: '/s' },
  ],
  goals: [],

  measure: (stage, name) =>
    onTarget(stage, name, {}, async (target) => ({
      counting: await readRate(stage, target, 1_000_000),
      checking: await readRate(stage, target, 1),
    })),
};

async function readRate({ load }: Stage, target: Target, checkEvery: number): Promise<number> {
  await load.open({ group: 'ceiling', count: 50, url: target.url(['any']), checkEvery });
  await pause(500);
  await load.reset('ceiling');
  const began = performance.now();
  await pause(SECONDS * 1000);
  const { bytes } = await load.report('ceiling');
  const elapsedMs = performance.now() - began;
  await load.close('ceiling');
  return (bytes / FRAME_BYTES / elapsedMs) * 1000;
}
