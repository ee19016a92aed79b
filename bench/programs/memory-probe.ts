// Loaded with `--import` before the program under test, which knows nothing of it: answers the bench
// with the memory after a collection (needs `--expose-gc`).
import { setImmediate as turn } from 'node:timers/promises';

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: string }) => void;

const collect = (globalThis as unknown as { gc?: Collect }).gc;

async function memory(): Promise<NodeJS.MemoryUsage> {
  for (let round = 0; round < 4; round++) {
    // "last-resort" also releases free pages; an ordinary collection keeps them.
    collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await turn();
  }
  return process.memoryUsage();
}

process.on('message', (message: { memory?: true }) => {
  if (message.memory) void memory().then((usage) => process.send?.(usage));
});
// Does not keep the program alive, and ends with the benchmark.
process.channel?.unref();
process.on('disconnect', () => process.exit());
