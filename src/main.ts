// Before anything is imported: loading Nest takes a while, and the first process of a container
// ignores signals that it does not handle.
const leave = (): never => process.exit(0);
process.on('SIGTERM', leave).on('SIGINT', leave).on('SIGHUP', leave);

void import('./server/run-process.js').then(({ runProcess }) => {
  const running = runProcess();
  // Only now that others listen: with its last listener, Node drops a signal that is on its way.
  process.off('SIGTERM', leave).off('SIGINT', leave).off('SIGHUP', leave);
  return running;
});
