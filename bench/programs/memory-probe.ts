// Loaded with `--import` before the program under test, which knows nothing of it: answers the bench
// with the memory after a collection (needs `--expose-gc`).
import { setImmediate as turn } from 'node:timers/promises';

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: string }) => void;

const collect = (globalThis as unknown as { gc?: Collect }).gc;

async function memory(): Promise<NodeJS.MemoryUsage> {
  for (let round = 0; round < 4; round++) {
    // "last-resort" gives free pages back as well; a plain collection keeps them for later.
    collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await turn();
  }
  return process.memoryUsage();
}

process.on('message', (message: { memory?: true }) => {
  if (message.memory) void memory().then((usage) => process.send?.(usage));
});
// Neither keeps the program alive nor outlives the bench.
process.channel?.unref();
process.on('disconnect', () => process.exit());
