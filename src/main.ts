// Before anything is imported: loading Nest takes a while, and the first process of a container
// ignores signals that it does not handle.
const leave = (): never => process.exit(0);
process.once('SIGTERM', leave).once('SIGINT', leave);

void import('./server/run-process.js').then(({ runProcess }) => {
  process.off('SIGTERM', leave).off('SIGINT', leave);
  return runProcess();
});
