/**
 * Goes on without logs when nobody reads standard output or error any more (`EPIPE`): a log collector that
 * ends must not end the service, and cut all of its streams.
 */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
}

/** There is nowhere left to tell it. */
function ignore(): void {
  // An error event without a listener would be an uncaught exception.
}
