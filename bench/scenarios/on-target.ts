import type { Target, TargetName, TargetSettings } from '../programs/target.interface.js';
import type { Stage } from './scenario.interface.js';

/** Starts a server, measures, and always stops it and its clients. */
export async function onTarget<T>(
  { start, load }: Stage,
  name: TargetName,
  settings: TargetSettings,
  measure: (target: Target) => Promise<T>,
): Promise<T> {
  const target = await start(name, settings);
  try {
    return await measure(target);
  } finally {
    await load.closeAll();
    await target.stop();
  }
}
