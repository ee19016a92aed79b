import Sequencer from '@jest/test-sequencer';

/** Estimated duration of a folder's suites, in ms, before jest has measured them. */
const GUESSES = { 'test/rollout/': 20_000, 'test/chaos/': 15_000, test: 8_000, examples: 5_000 };

/**
 * The suites that last longest start first. Jest itself goes by what it remembers, and without that by
 * the length of their text: on a fresh checkout, the few lines of a run of twenty seconds would start
 * last, and all would wait for it.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => expected(other) - expected(one));
  }
}

function expected({ duration, path, context }) {
  if (duration !== undefined) return duration;
  const file = path.slice(context.config.rootDir.length + 1);
  return Object.entries(GUESSES).find(([folder]) => file.startsWith(folder))?.[1] ?? 0;
}
