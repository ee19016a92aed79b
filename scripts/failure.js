/** A failure that the user can do something about: what is wrong, and the remedy. */
export class Failure extends Error {
  name = 'Failure';

  constructor(problem, remedy) {
    super(`✗ ${problem}\n  → ${remedy}`);
  }
}

/** Prints a failure without a stack, anything else with it, and sets the exit code. */
export function report(error) {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
}
