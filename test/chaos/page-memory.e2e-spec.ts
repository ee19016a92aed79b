import { get, type IncomingMessage } from 'node:http';
import { until } from '../support/until.js';
import { INSPECTED, Inspector } from './inspector.js';
import { Rig } from './rig.js';

const MESSAGES = 1000;
const PAYLOAD = `"${'x'.repeat(100_000)}"`;
const PAGES = 8;
/** The limit documented in docs/history.md. */
const PAGE_BYTES = 1_000_000;
/** Memory of the process itself: compiled code, pools, the inspector. */
const SLACK_BYTES = 1_000_000;

/** 100 MB, of which the window holds 1. */
const start = (): Promise<Rig> =>
  Rig.start({
    env: { WINDOW_MAX_MESSAGES: '10', LAST_VALUES_MAX_MESSAGES: '0', WRITE_TIMEOUT: '60' },
    nodeArguments: [...INSPECTED, '--expose-gc'],
    prepare: (broker) => broker.fill(MESSAGES, () => 'events.a', PAYLOAD),
  });

/** Requests the whole stream as one page without reading it. */
function ask({ service }: Rig): Promise<IncomingMessage> {
  const url = `${service.url}/events?topic=a&start=all&limit=${MESSAGES}`;
  const headers = { accept: 'application/json' };
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on('error', reject);
  });
}

async function bodyOf(answer: IncomingMessage, meanwhile: () => Promise<void>): Promise<string> {
  const chunks: Buffer[] = [];
  let checked = 0;
  let total = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    total += chunk.length;
    if (total - checked < 10_000_000) continue;
    checked = total;
    await meanwhile();
  }
  return Buffer.concat(chunks).toString();
}

/** Memory that the first page allocates once, such as compiled code, does not count. */
async function warmed(rig: Rig): Promise<Inspector> {
  const inspector = await Inspector.attach(rig.service);
  await bodyOf(await ask(rig), () => Promise.resolve());
  await inspector.held();
  return inspector;
}

it('a page of 100 MB uses 1 MB at most, while it is read and while its client stalls', async () => {
  const rig = await start();
  const inspector = await warmed(rig);
  const before = await inspector.held();

  const held: number[] = [];
  const text = await bodyOf(await ask(rig), async () => {
    held.push((await inspector.held()) - before);
  });
  const page = JSON.parse(text) as { readonly messages: readonly { readonly id: string }[] };
  expect(page.messages.map(({ id }) => Number(id))).toEqual(
    Array.from({ length: MESSAGES }, (_, index) => index + 1),
  );
  expect(held.length).toBeGreaterThanOrEqual(9);
  expect(Math.max(...held)).toBeLessThan(PAGE_BYTES + SLACK_BYTES);

  const stalled = await Promise.all(Array.from({ length: PAGES }, () => ask(rig)));
  let last = -1;
  await until(
    async () => {
      const memory = await inspector.held();
      const steady = Math.abs(memory - last) < 50_000;
      last = memory;
      return steady;
    },
    { timeoutMs: 20_000, everyMs: 300 },
  );
  console.info(
    `pages of 100 MB: read ${(Math.max(...held) / 1e6).toFixed(2)} MB, ` +
      `${PAGES} stalled ${((last - before) / 1e6).toFixed(2)} MB`,
  );
  expect(last - before).toBeLessThan(PAGES * PAGE_BYTES + SLACK_BYTES);
  for (const answer of stalled) answer.on('error', () => undefined).destroy();
}, 60_000);
