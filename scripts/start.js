// `make start`: a broker, the stream, the built service and a live feed, for one machine.
import { mkdirSync } from 'node:fs';
import { connect } from 'nats';
import { build } from './build/dist.js';
import { Failure, report } from './failure.js';
import { startBroker } from './start/broker.js';
import { startFeed } from './start/feed.js';
import { guide } from './start/guide.js';
import { readRunning, removeRunning, writeRunning } from './start/running.js';
import { choosePort, startService } from './start/service.js';
import { ensureStream } from './start/stream.js';

const FOLDER = '.data';
const PREFIX = 'events.';

/** Undoes what was started, the newest first. */
const undo = [];
let ending;

async function start() {
  const other = readRunning(FOLDER);
  if (other) {
    throw new Failure(
      `It is running in this folder already, at ${other.url} (process ${other.pid}).`,
      'stop that one first, with Ctrl-C in its terminal',
    );
  }
  const port = await choosePort();
  build();
  mkdirSync(FOLDER, { recursive: true });
  const broker = await startBroker(FOLDER, adopt);
  const connection = await connect({ servers: broker.url, name: 'nuts_start' });
  undo.push(() => connection.close());
  const stream = await ensureStream(connection);
  const service = await startService({ port, natsUrl: broker.url, stream, prefix: PREFIX }, adopt);
  undo.push(startFeed(connection, PREFIX));
  writeRunning(FOLDER, { url: service.url, natsUrl: broker.url });
  undo.push(() => removeRunning(FOLDER));
  process.stdout.write(
    guide({ url: service.url, path: process.env.HUB_PATH || '/events', broker }),
  );
  watch(broker.child);
  watch(service.child);
}

/** Makes sure that a child ends with this script, from its first moment on. */
function adopt(child) {
  if (ending) void child.stop();
  else undo.push(() => child.stop());
}

function watch(child) {
  void child.exited.then(({ code, signal }) => {
    if (ending) return;
    console.error(`✗ ${child.name} ended by itself (${signal ?? `code ${code}`}).`);
    process.exitCode = code || 1;
    void end();
  });
}

/** Ends everything once; with a signal, this process ends by the same one, as its caller expects. */
function end(signal) {
  ending ??= (async () => {
    for (const step of undo.reverse()) await Promise.resolve(step()).catch(report);
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  })();
  return ending;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (!ending) console.error('\n… stopping');
    void end(signal);
  });
}

start().catch(async (error) => {
  if (ending) return;
  report(error);
  await end();
});
