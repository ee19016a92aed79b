import { promisify } from 'node:util';
import { completeService } from '@nuts/requests';
import fc from 'fast-check';
import { connect, type Msg } from 'nats';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { type ContractStream, startApp, startStream } from '../contract/contract-app.js';
import { disposeAtEnd } from '../support/disposal.js';
import { until } from '../support/until.js';
import { sendPipeline } from './fuzz-connection.js';
import { fuzzedQuestions } from './fuzzed-question.js';

/** `npm run test:fuzz` sends 100 000; a failure prints the seed, and FUZZ_SEED repeats the run. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 2_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_101);
const AT_ONCE = 16;
/** Statuses of the gateway itself: no service, no reply in time. */
const OWN_FAILURES = [503, 504, 507];

jest.setTimeout(60_000 + REQUESTS * 20);

let stream: ContractStream;
let app: NutsServer;
/** The requests that services received, except on silent subjects. */
const asked: { subject: string; headers: boolean; reply: string }[] = [];
/** All messages of the account. */
const tapped = new Set<string>();

beforeAll(async () => {
  stream = await startStream();
  const tap = await connect({ servers: stream.nats.url });
  disposeAtEnd(() => tap.close());
  tap.subscribe('>', { callback: (_error, { subject }) => void tapped.add(subject) });
  await tap.flush();
  const answer = (_error: unknown, message: Msg): void => {
    const { subject, headers, reply = '' } = message;
    asked.push({ subject, headers: headers !== undefined, reply });
    if (subject.startsWith('services.z')) return;
    message.respond('{"ok":true}');
    message.respond('');
  };
  stream.connection.subscribe('services.>', { callback: answer });
  await stream.connection.flush();
  app = await startApp(stream, {}, (options) => {
    const service = completeService({
      path: '/services',
      subjectPrefix: 'services.',
      nats: { servers: [stream.nats.url] },
      anonymous: true,
      requestTimeoutMs: 200,
      maxBytes: 4_096,
      cors: { origins: ['https://a.example'] },
    });
    const access = { secret: 'a secret of thirty-two bytes and more', cookie: 'token' };
    const secured = { ...service, name: '/asked', path: '/asked', anonymous: false, access };
    return { ...options, services: [service, secured] };
  });
});

it(`${REQUESTS} random service requests reach nothing internal, and leave nothing behind`, async () => {
  const port = Number(new URL(app.url).port);
  const server = app.app.getHttpServer();
  const connections = promisify(server.getConnections.bind(server));
  const warnings: string[] = [];
  const warn = (warning: Error): void => void warnings.push(`${warning.name}: ${warning.message}`);
  process.on('warning', warn);
  let left = 0;
  let sent = 0;
  const mine = await connections();
  const counts = new Map<number, number>();
  const work = fc.sample(fuzzedQuestions, { seed: SEED, numRuns: REQUESTS }).values();
  const worker = async (): Promise<void> => {
    for (const requests of work) {
      if (sent >= REQUESTS) return;
      sent += requests.length;
      const { statuses, hung } = await sendPipeline(port, requests, false);
      for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
      if (hung || statuses.some((status) => status >= 500 && !OWN_FAILURES.includes(status))) {
        const what = hung ? 'hung' : statuses.join();
        throw new Error(`seed ${SEED}: ${what}: ${JSON.stringify(requests)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await until(async () => (left = await connections()) <= mine, {
    what: () => `all connections to be gone; ${left} are left`,
  });
  process.off('warning', warn);
  expect(warnings).toEqual([]);
  console.info(
    `fuzz of asking, seed ${SEED}: ${sent} requests, ${asked.length} reached a service, answers ${JSON.stringify([...counts].sort())}`,
  );
  // The requests must have covered all cases.
  for (const status of [200, 204, 400, 401, 404, 405, 413, 504]) {
    expect([status, counts.has(status)]).toEqual([status, true]);
  }

  // A service received only allowed subjects, no headers, and a reply subject created by this service.
  for (const { subject, headers, reply } of asked) {
    expect([subject, headers, reply]).toEqual([
      expect.stringMatching(/^services(\.[A-Za-z0-9_-]+)+$/),
      false,
      expect.stringMatching(/^_INBOX\.[A-Z0-9]{22}$/),
    ]);
  }
  const own =
    /^(services\.|_INBOX\.|events\.|\$JS\.API\.(STREAM\.(INFO|MSG\.GET|CREATE)|CONSUMER|DIRECT)\.)/;
  const replies = /^\$JS\.(EVENT\.ADVISORY|ACK)\./;
  expect([...tapped].filter((subject) => !own.test(subject) && !replies.test(subject))).toEqual([]);
  const { body } = await fetch(`${app.url}/readyz`);
  await body?.cancel();
  expect((await stream.jsm.streams.info('EVENTS')).config.name).toBe('EVENTS');
});
