/**
 * Continues without logs if standard output or error is closed (`EPIPE`): a log collector that exits must
 * not end the service and its streams.
 */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
}

/** There is nowhere left to report it. */
function ignore(): void {
  // An error event without a listener would be an uncaught exception.
}
