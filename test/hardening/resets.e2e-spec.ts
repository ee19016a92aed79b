import { INSPECTED, Inspector } from '../chaos/inspector.js';
import { Rig } from '../chaos/rig.js';
import { until } from '../support/until.js';
import { RawConnection } from './raw-connection.js';

/** Enough for bodies that are not released to exceed what one client may have in memory (32 MiB). */
const ROUNDS = 120;

const HOST = 'HTTP/1.1\r\nHost: x\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

/** What a client sends before it resets its connection, and whether it waits for the first bytes of an answer. */
const STAGES: Readonly<Record<string, { readonly sent: string; readonly answers?: true }>> = {
  'after it connected': { sent: '' },
  'after blank lines': { sent: '\r\n'.repeat(100) },
  'in the headers': { sent: `GET /events?topic=a ${HOST}X: ${'y'.repeat(20_000)}` },
  'in a body': {
    sent: `POST /events/a ${HOST}Content-Length: 900000\r\n\r\n${'x'.repeat(300_000)}`,
  },
  'in a chunk': { sent: `POST /events/a ${HOST}${CHUNKED}\r\n10000\r\n${'x'.repeat(30_000)}` },
  'in a chunk extension': { sent: `POST /events/a ${HOST}${CHUNKED}\r\n1;${'x'.repeat(10_000)}` },
  'in the trailers': {
    sent: `POST /events/a ${HOST}${CHUNKED}\r\n1\r\nx\r\n0\r\nA: ${'x'.repeat(10_000)}`,
  },
  'after 100 Continue': {
    sent: `POST /events/a ${HOST}Expect: 100-continue\r\nContent-Length: 900000\r\n\r\n`,
    answers: true,
  },
  'when its stream is planned': { sent: `GET /events?topic=a&last-id=1 ${HOST}\r\n` },
  'when its stream is open': { sent: `GET /events?topic=a&start=all ${HOST}\r\n`, answers: true },
  'with an upgrade': {
    sent: `GET /events?topic=a ${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    answers: true,
  },
  'in a page': {
    sent: `GET /events?topic=a&start=all&limit=1000 ${HOST}Accept: application/json\r\n\r\n`,
    answers: true,
  },
  'in the answer of a service': {
    sent: `POST /services/large ${HOST}Content-Length: 0\r\n\r\n`,
    answers: true,
  },
  'when its question is open': { sent: `POST /services/silent ${HOST}Content-Length: 0\r\n\r\n` },
  'with 15 requests behind its question': {
    sent: `POST /services/silent ${HOST}Content-Length: 0\r\n\r\n${`GET /metrics ${HOST}\r\n`.repeat(15)}`,
  },
};

it('connections that are reset at any stage leave nothing', async () => {
  const rig = await Rig.start({
    nodeArguments: [...INSPECTED, '--expose-gc'],
    env: {
      PUBLISH: 'true',
      PUBLISH_ANONYMOUS: 'true',
      SERVICES_PATH: '/services',
      SERVICES_SUBJECT_PREFIX: 'services.',
      REQUEST_ANONYMOUS: 'true',
      REQUEST_TIMEOUT: '60',
      // Pages and streams read from JetStream.
      WINDOW_MAX_MESSAGES: '10',
    },
    prepare: (broker) => broker.fill(1000, () => 'events.a', `"${'x'.repeat(2000)}"`),
  });
  const { connection: nats } = rig.broker;
  nats.subscribe('services.silent', { callback: () => undefined });
  const large = new Uint8Array(900_000);
  nats.subscribe('services.large', { callback: (_error, message) => message.respond(large) });
  await nats.flush();
  const inspector = await Inspector.attach(rig.service);
  const attack = async ({ sent, answers }: (typeof STAGES)[string]): Promise<void> => {
    const connection = await RawConnection.open(rig.service.url);
    connection.send(sent);
    if (answers === true) {
      await until(() => connection.received.length > 0 || connection.closed, { what: sent });
      connection.socket.pause();
    }
    connection.socket.resetAndDestroy();
  };
  const isQuiet = async (): Promise<boolean> => {
    const metrics = await (await fetch(`${rig.service.url}/metrics`)).text();
    const { sockets } = await inspector.holdings();
    return /^nuts_active_connections 0$/m.test(metrics) && sockets < 14;
  };
  const everyStage = async (times: number): Promise<void> => {
    for (const stage of Object.values(STAGES)) {
      await Promise.all(Array.from({ length: times }, () => attack(stage)));
    }
    await until(isQuiet, { everyMs: 100, timeoutMs: 20_000, what: 'all connections to be gone' });
  };
  await everyStage(10);
  const before = await inspector.held();
  await everyStage(ROUNDS);
  const grown = (await inspector.held()) - before;
  // Requests and responses that stay take 24 MB.
  expect(grown / 1e6).toBeLessThan(5);
  const published = await fetch(`${rig.service.url}/events/a`, { method: 'POST', body: '1' });
  expect(published.status).toBe(201);
}, 90_000);
