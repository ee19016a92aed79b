import { promisify } from 'node:util';
import fc from 'fast-check';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { type ContractStream, startApp, startStream } from '../contract/contract-app.js';
import { until } from '../support/until.js';
import { sendPipeline } from './fuzz-connection.js';
import { fuzzedPipeline } from './fuzzed-request.js';

/** `npm run test:fuzz` sends 100 000; a failure prints the seed, and FUZZ_SEED repeats the run. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 3_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_101);
const AT_ONCE = 16;

jest.setTimeout(60_000 + REQUESTS * 20);

/** The only allowed statuses from 500 on: NATS is unavailable, no acknowledgment, the stream is full. */
const SERVER_STATUSES = [503, 504, 507];
const publish = { anonymous: true, maxBytes: 4_000, headers: ['Kind'] };

let stream: ContractStream;
let app: NutsServer;
/** Subjects of all published messages except the hubs' own and the JetStream API. */
const strangeSubjects = new Set<string>();
beforeAll(async () => {
  stream = await startStream();
  await stream.jsm.streams.add({ name: 'OTHER', subjects: ['a.>', 'a', 'b'] });
  stream.connection.subscribe('>', {
    callback: (_error, { subject }) => {
      const isExpected =
        /^(events\.[A-Za-z0-9._-]+|_INBOX\..+)$/.test(subject) ||
        /^\$JS\.API\.(INFO|STREAM\.INFO\.EVENTS|STREAM\.MSG\.GET\.EVENTS|CONSUMER\..+)$/.test(
          subject,
        ) ||
        /^\$JS\.EVENT\./.test(subject);
      if (!isExpected) strangeSubjects.add(subject);
    },
  });
  app = await startApp(stream, { MAX_TOPICS_PER_SUBSCRIPTION: '4' }, (options) => ({
    ...options,
    hubs: options.hubs.flatMap((hub) => [
      hub,
      { ...hub, name: '/wild', path: '/wild', allowWildcards: true },
      {
        ...hub,
        name: '/secure',
        path: '/secure',
        access: { secret: 'a secret of thirty-two bytes and more', cookie: 'token' },
        publish: { ...publish, anonymous: false },
      },
      { ...hub, name: '/pub', path: '/pub', publish },
      // Without a prefix, only the stream's subjects limit where clients can publish.
      { ...hub, name: '/bare', path: '/bare', topicPrefix: '', publish },
    ]),
  }));
});

it(`${REQUESTS} random requests cause no 5xx, no hang, no crash and no leak`, async () => {
  const port = Number(new URL(app.url).port);
  const server = app.app.getHttpServer();
  const connections = promisify(server.getConnections.bind(server));
  const warnings: string[] = [];
  const warn = (warning: Error): void => void warnings.push(`${warning.name}: ${warning.message}`);
  process.on('warning', warn);
  let left = 0;
  let sent = 0;
  const mine = await connections();
  const counts = new Map<number | 'page' | 'started', number>();
  const pipelines = fc.sample(
    fc.record({
      requests: fuzzedPipeline,
      halfClose: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
    }),
    { seed: SEED, numRuns: REQUESTS },
  );
  const work = pipelines.values();
  const worker = async (): Promise<void> => {
    for (const { requests, halfClose } of work) {
      if (sent >= REQUESTS) return;
      sent += requests.length;
      const { statuses, hung, kinds } = await sendPipeline(port, requests, halfClose);
      for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
      if (hung || statuses.some((status) => status >= 500 && !SERVER_STATUSES.includes(status))) {
        const what = hung ? 'hung' : statuses.join();
        throw new Error(`seed ${SEED}: ${what}: ${JSON.stringify(requests)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await until(async () => (left = await connections()) <= mine, {
    what: () => `all connections to be gone; ${left} are left`,
  });
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  expect(metrics).toMatch(/^nuts_active_connections 0$/m);
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  process.off('warning', warn);
  expect(warnings).toEqual([]);
  console.info(
    `fuzz, seed ${SEED}: ${sent} requests, answers ${JSON.stringify([...counts].sort())}`,
  );
  // The requests must have covered: streams, starts, pages, writing, errors, refusals, methods, unknown paths.
  for (const answer of ['page', 'started', 200, 201, 204, 400, 401, 404, 405, 413, 431] as const) {
    expect([answer, counts.has(answer)]).toEqual([answer, true]);
  }
});

it("published messages are in the hubs' own stream, under their own prefix, with allowed headers", async () => {
  await stream.connection.flush();
  expect([...strangeSubjects]).toEqual([]);
  expect((await stream.jsm.streams.info('OTHER')).state.last_seq).toBe(0);
  const { state } = await stream.jsm.streams.info('EVENTS', { subjects_filter: '>' });
  expect(state.messages).toBeGreaterThan(10);
  const names = new Set<string>();
  const consumer = await stream.js.consumers.get('EVENTS');
  for await (const message of await consumer.consume()) {
    for (const name of message.headers?.keys() ?? []) names.add(name);
    if (message.info.pending === 0) break;
  }
  const allowed = [
    'Kind',
    'Nats-Msg-Id',
    'Nats-Expected-Stream',
    'Nats-Expected-Last-Subject-Sequence',
  ];
  expect([...names].filter((name) => !allowed.includes(name))).toEqual([]);
});
