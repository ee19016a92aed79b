import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { Failure } from '../failure.js';
import { Child } from './child.js';
import { tryPort } from './ports.js';

const USUAL_PORT = 4222;
const OLDEST = [2, 9, 10];

/** The nats-server to run: NATS_SERVER_BIN, the toolchain's, or the PATH's. */
function findServer() {
  const explicit = process.env.NATS_SERVER_BIN;
  const folders = ['.toolchain/bin', ...(process.env.PATH ?? '').split(delimiter)];
  const candidates = explicit ? [explicit] : folders.map((folder) => join(folder, 'nats-server'));
  for (const candidate of candidates) {
    const version = versionOf(candidate);
    if (version && isNewEnough(version)) return { path: resolve(candidate), version };
  }
  throw new Failure(
    explicit
      ? `NATS_SERVER_BIN=${explicit} is no nats-server of at least ${OLDEST.join('.')}.`
      : `A nats-server of at least ${OLDEST.join('.')} was not found.`,
    'run `make start`, which brings one, or put one on PATH',
  );
}

function versionOf(path) {
  try {
    const text = execFileSync(path, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    return /v?(\d+\.\d+\.\d+)/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

function isNewEnough(version) {
  const found = version.split('.').map(Number);
  const at = OLDEST.findIndex((number, index) => number !== found[index]);
  return at === -1 || found[at] > OLDEST[at];
}

/**
 * Starts a nats-server with JetStream that stores under `folder`, on the usual port or a free one, for
 * this machine only. `adopt` gets the child process at once. Resolves to it, its address and version.
 */
export async function startBroker(folder, adopt) {
  const { path, version } = findServer();
  const store = join(folder, 'jetstream');
  mkdirSync(store, { recursive: true });
  const port = await tryPort(USUAL_PORT, '127.0.0.1').catch(() => -1);
  const config = join(folder, 'nats.conf');
  writeFileSync(
    config,
    `server_name: nuts_start\nlisten: "127.0.0.1:${port}"\njetstream { store_dir: "${resolve(store)}" }\n`,
  );
  const child = new Child('nats-server', path, ['-c', config]);
  adopt(child);
  const ready = await child.printed(/client connections on [^ ]*:(\d+)[\s\S]*Server is ready/);
  if (!ready) {
    throw new Failure(
      `nats-server ended at once:\n${child.output}`,
      'if its store is damaged, `make clean` removes it',
    );
  }
  return { child, version, url: `nats://127.0.0.1:${ready[1]}`, moved: port === -1 };
}
