// Before the imports: loading Nest takes a while, and the first process of a container ignores signals
// without a handler.
const leave = (): never => process.exit(0);
process.on('SIGTERM', leave).on('SIGINT', leave).on('SIGHUP', leave);

void import('./server/run-process.js').then(({ runProcess }) => {
  const running = runProcess();
  // Removed only after others listen: without any listener, Node drops a pending signal.
  process.off('SIGTERM', leave).off('SIGINT', leave).off('SIGHUP', leave);
  return running;
});
