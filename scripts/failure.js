/** A failure that the user can do something about: what is wrong, and the remedy. */
export class Failure extends Error {
  name = 'Failure';

  constructor(problem, remedy) {
    super(`✗ ${problem}\n  → ${remedy}`);
  }
}

const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC'];

/** What the file system refuses is the machine's matter, and no stack of ours explains it. */
function explain(error) {
  if (!UNWRITABLE.includes(error?.code) || !error.path) return error;
  return new Failure(
    `${error.path} cannot be written (${error.code}).`,
    'run it in a folder of your own, on a disk with room',
  );
}

/** Prints a failure without a stack, anything else with it, and sets the exit code. */
export function report(error) {
  const shown = explain(error);
  console.error(shown instanceof Failure ? shown.message : shown);
  process.exitCode = 1;
}
