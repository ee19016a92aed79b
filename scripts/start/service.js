import { Failure } from '../failure.js';
import { Child } from './child.js';
import { tryPort } from './ports.js';

/** The port that the service is to have; throws a Failure when it cannot have it. */
export async function choosePort() {
  const { PORT: wanted = '', HOST: host = '0.0.0.0' } = process.env;
  const port = wanted === '' ? 8080 : Number(wanted);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Failure(`PORT=${wanted} is no port.`, 'use a number from 0 to 65535');
  }
  try {
    await tryPort(port, host);
    return port;
  } catch (error) {
    const other = port === 8080 ? 8081 : 8080;
    const problem =
      error.code === 'EADDRINUSE' ? 'is taken' : `cannot be listened on (${error.code})`;
    throw new Failure(
      `Port ${port} ${problem}.`,
      `stop what uses it, or choose another: \`PORT=${other} make start\``,
    );
  }
}

/** The service's line, whose address may stand before or after the word, as its log format has it. */
const LISTENING = /^(?=.*listening).*https?:\/\/[^\s/"]*:(\d+)/im;

/** Starts the built service over the stream, and resolves when it is ready. */
export async function startService({ port, natsUrl, stream, prefix }, adopt) {
  const env = {
    // What one looks at first: switch them off by the same names.
    CONSOLE: 'true',
    ALLOW_WILDCARDS: 'true',
    ...process.env,
    // Readable lines: a person looks at them.
    NODE_ENV: process.env.NODE_ENV ?? 'development',
    PORT: String(port),
    NATS_URL: natsUrl,
    STREAM_NAME: stream,
    TOPIC_PREFIX: prefix,
  };
  const child = new Child('the service', process.execPath, ['dist/src/main.js'], {
    env,
    onText: (text) => process.stdout.write(text),
  });
  adopt(child);
  const listening = await child.printed(LISTENING);
  if (!listening) {
    await child.exited;
    throw new Failure('The service ended at once.', 'its reason stands above');
  }
  const url = `http://localhost:${listening[1]}`;
  while (!child.over && !(await isReady(url))) await new Promise((go) => setTimeout(go, 50));
  if (child.over) throw new Failure('The service ended at once.', 'its reason stands above');
  return { child, url };
}

async function isReady(url) {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}
