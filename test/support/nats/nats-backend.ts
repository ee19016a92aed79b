// Jest loads this file as global setup, without its module mapping: it must not import other TypeScript files.
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The image that testcontainers start, unless `NATS_SERVER_IMAGE` names another. */
const DEFAULT_IMAGE = 'nats:2.15.2';

/** Carries the decision of jest's global setup to its workers. */
const DECISION = 'NUTS_TEST_NATS';

/** Where the tests' servers come from, and why not from another source. */
export type NatsBackend =
  | { readonly kind: 'container'; readonly image: string }
  | { readonly kind: 'binary'; readonly path: string; readonly why: string };

/** Jest's global setup: decides once where the tests' nats-servers come from, and prints it. */
export default async function announceNats(): Promise<void> {
  process.stdout.write(`\nNATS for the tests: ${describe(await natsBackend())}\n`);
}

/** The decision of this run: made once, and passed to the workers in the environment. */
export async function natsBackend(): Promise<NatsBackend> {
  const made = process.env[DECISION];
  if (made) return JSON.parse(made) as NatsBackend;
  const backend = await decide();
  process.env[DECISION] = JSON.stringify(backend);
  return backend;
}

async function decide(): Promise<NatsBackend> {
  const explicit = process.env['NATS_SERVER_BIN'];
  if (explicit) return { kind: 'binary', path: explicit, why: 'NATS_SERVER_BIN is set' };
  const image = process.env['NATS_SERVER_IMAGE'] || DEFAULT_IMAGE;
  const why = await imageProblem(image);
  return why ? { kind: 'binary', path: findBinary(why), why } : { kind: 'container', image };
}

/** Why containers cannot be used; undefined if the image is available. */
async function imageProblem(image: string): Promise<string | undefined> {
  const { getContainerRuntimeClient, ImageName } = await import('testcontainers');
  let client: Awaited<ReturnType<typeof getContainerRuntimeClient>>;
  try {
    client = await getContainerRuntimeClient();
  } catch {
    return 'no Docker engine answers';
  }
  try {
    const name = ImageName.fromString(image);
    if (!(await client.image.exists(name))) await client.image.pull(name);
    return undefined;
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    return `a Docker engine answers, but it cannot pull the image ${image}: ${reason}`;
  }
}

/** The binary of the toolchain, otherwise the one on PATH. */
function findBinary(whyNoContainer: string): string {
  const folders = [join(process.cwd(), '.toolchain', 'bin')];
  folders.push(...(process.env['PATH'] ?? '').split(delimiter));
  const found = folders.map((folder) => join(folder, 'nats-server')).find(isExecutable);
  if (found) return found;
  throw new Error(
    `${whyNoContainer}, and there is no nats-server in .toolchain/bin or on PATH: ` +
      'run `make toolchain`, or set NATS_SERVER_BIN',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function describe(backend: NatsBackend): string {
  if (backend.kind === 'container') return `testcontainers, image ${backend.image}`;
  const version = execFileSync(backend.path, ['--version'], { encoding: 'utf8' }).trim();
  return `${version}, the binary ${backend.path} (${backend.why})`;
}
