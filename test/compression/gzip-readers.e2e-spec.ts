import { execFile, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Random } from '../chaos/random.js';
import { type ContractStream, startApp, startStream } from '../contract/contract-app.js';
import { disposeAtEnd } from '../support/disposal.js';
import { until } from '../support/until.js';
import { randomHistory } from './random-history.js';

const run = promisify(execFile);
const READERS = join(__dirname, 'readers');
const SEED = Number(process.env.COMPRESSION_SEED ?? 20260101);
const STEPS = Number(process.env.COMPRESSION_STEPS ?? 250);

let stream: ContractStream;
beforeAll(async () => {
  stream = await startStream();
});

const has = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const withPython = has('python3', '-c', 'import zlib, gzip') ? it : it.skip;
const withCurl = has('curl', '--version') ? it : it.skip;
// Compiling takes longer than everything else, so ordinary runs skip it.
const withGo = process.env.COMPRESSION_GO ? it : it.skip;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a random history of clients', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nuts-gzip-'));
  disposeAtEnd(() => rmSync(folder, { recursive: true, force: true }));
  const files: Record<'whole' | 'cut', { path: string; plain: string }[]> = { whole: [], cut: [] };
  const expected = (kind: 'whole' | 'cut'): string[] =>
    files[kind].map(({ plain }) => sha256(plain));
  const paths = (kind: 'whole' | 'cut'): string[] => files[kind].map(({ path }) => path);

  it('is received with every message once and in order, and a correct trailer', async () => {
    const app = await startApp(stream, {
      COMPRESSION: 'gzip',
      CLIENT_BUFFER_SIZE: '16',
      WINDOW_MAX_MESSAGES: '100',
      HEARTBEAT_INTERVAL: '0.1',
    });
    const random = new Random(SEED);
    const { clients, sent } = await randomHistory(stream, app, random, STEPS);
    await app.stop();
    const sorted = sent.toSorted((a, b) => a - b);
    for (const [index, { client, after, isCut }] of clients.entries()) {
      if (!isCut) expect(await client.ended()).toBe('end');
      const ids = sorted.filter((sequence) => sequence > after);
      expect(client.ids).toEqual(isCut ? ids.slice(0, client.ids.length) : ids);
      const kind = isCut ? 'cut' : 'whole';
      if (!isCut) expect(client.whole()).toBe(client.decoded);
      const path = join(folder, `${kind}-${index}.gz`);
      writeFileSync(path, Buffer.concat(client.wire));
      // For a client that was cut off, only the decompressed part can be compared.
      if (!isCut) files.whole.push({ path, plain: client.decoded });
      else if (client.wire.length > 0) files.cut.push({ path, plain: client.decodedNow() });
    }
    expect(files.whole.length).toBeGreaterThan(3);
    console.info(
      `compression, seed ${SEED}: ${STEPS} steps, ${sent.length} messages, ` +
        `${files.whole.length} clients to their end, ${files.cut.length} cut off`,
    );
  });

  withPython("is read by Python's gzip, and by its zlib where it was cut", async () => {
    for (const kind of ['whole', 'cut'] as const) {
      if (files[kind].length === 0) continue;
      const { stdout } = await run('python3', [join(READERS, 'read.py'), kind, ...paths(kind)]);
      expect(stdout.trim().split('\n')).toEqual(expected(kind));
    }
  });

  withGo("is read by Go's compress/gzip", async () => {
    for (const kind of ['whole', 'cut'] as const) {
      if (files[kind].length === 0) continue;
      const { stdout } = await run('go', ['run', join(READERS, 'read.go'), kind, ...paths(kind)]);
      expect(stdout.trim().split('\n')).toEqual(expected(kind));
    }
  });
});

describe('another gzip reader receives each frame when it arrives, and a correct end', () => {
  /** Publishes messages, and expects each one in the reader's output before the next one. */
  async function follow(
    read: (url: string) => { text: () => string; over: Promise<unknown> },
  ): Promise<void> {
    const app = await startApp(stream, { COMPRESSION: 'gzip' });
    const { text, over } = read(`${app.url}/events?topic=reader`);
    const comes = (part: string): Promise<unknown> =>
      until(() => text().includes(part), { what: () => `${part}; came: ${text().slice(-300)}` });
    await comes('event: connected');
    for (let n = 0; n < 5; n++) {
      const id = await stream.publish('reader', JSON.stringify({ n }));
      await comes(`"payload":{"n":${n}}`);
      await comes(`id: ${id}\n\n`);
    }
    await app.stop();
    await over;
    expect(text()).toMatch(/retry: \d+\n\n$/);
  }

  const child = (command: string, ...args: string[]) => {
    const process = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    disposeAtEnd(() => void process.kill());
    let text = '';
    process.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    const over = new Promise<void>((resolve, reject) => {
      process.once('close', (code) =>
        code === 0 ? resolve() : reject(new Error(`${command} ended with code ${code}`)),
      );
    });
    return { text: () => text, over };
  };

  it('undici (fetch)', () =>
    follow((url) => {
      let text = '';
      const over = fetch(url).then(async ({ headers, body }) => {
        expect(headers.get('content-encoding')).toBe('gzip');
        const decoded = body?.pipeThrough(new TextDecoderStream()) ?? [];
        for await (const part of decoded as AsyncIterable<string>) text += part;
      });
      return { text: () => text, over };
    }));

  withCurl('curl --compressed', () =>
    follow((url) => child('curl', '--silent', '--no-buffer', '--compressed', url)),
  );

  withPython('Python', () =>
    follow((url) => child('python3', join(READERS, 'read.py'), 'stream', url)),
  );
});
