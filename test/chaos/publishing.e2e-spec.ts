import { setTimeout as pause } from 'node:timers/promises';
import { startNats } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { FAULTS } from './faults.js';
import { HttpPublisher } from './http-publisher.js';
import { Random } from './random.js';
import { QUICK } from './rig.js';

/** PUBLISH_FAULTS makes the run longer. */
const COUNT = Number(process.env['PUBLISH_FAULTS'] ?? 6);
const PUBLISHERS = 8;
/** The faults that can lose an acknowledgment. */
const KINDS = ['kill', 'freeze', 'blackHole', 'cut', 'blackHoleThenCut'] as const;

jest.setTimeout(60_000 + COUNT * 8_000);

it('publishers that retry with their idempotency keys store every message exactly once', async () => {
  const random = Random.ofRun('publishing');
  const server = await startNats();
  const broker = await Broker.connect(server.url);
  await broker.createStream();
  const link = await TcpProxy.start(server.port);
  const service = await Service.start({
    env: { ...QUICK, NATS_URL: link.url('nats'), PUBLISH: 'true', PUBLISH_ANONYMOUS: 'true' },
  });
  const publishers = Array.from(
    { length: PUBLISHERS },
    (_, i) => new HttpPublisher(`${service.url}/events/from/${i}`),
  );
  const sizes = (): number[] => publishers.map(({ stored }) => stored.size);
  for (let i = 0; i < COUNT; i += 1) {
    const before = sizes();
    await FAULTS[KINDS[i % KINDS.length] ?? 'cut']?.({ server, link, broker, clients: [] }, random);
    await until(() => sizes().every((size, n) => size > (before[n] ?? 0) + 2), {
      timeoutMs: 30_000,
      what: 'every publisher to go on',
    });
    await pause(random.between(0, 200));
  }
  await Promise.all(publishers.map((publisher) => publisher.stop()));

  const found = new Map<string, number[]>();
  const consumer = await broker.connection.jetstream().consumers.get('EVENTS');
  const messages = await consumer.consume();
  const { state } = await broker.manager.streams.info('EVENTS');
  for await (const message of messages) {
    const { key } = message.json<{ key: string }>();
    found.set(key, [...(found.get(key) ?? []), message.seq]);
    if (message.seq >= state.last_seq) break;
  }
  const sure = new Map(publishers.flatMap(({ stored }) => [...stored]));
  expect([...found].filter(([, sequences]) => sequences.length > 1)).toEqual([]);
  const ids = new Map([...found].map(([key, [sequence]]) => [key, String(sequence)]));
  // Exactly these messages, each with the ID that its publisher received.
  expect([...ids].sort()).toEqual([...sure].sort());

  const outcomes = publishers.flatMap((publisher) => [...publisher.outcomes]);
  const total: Record<string, number> = {};
  for (const [outcome, count] of outcomes) total[outcome] = (total[outcome] ?? 0) + count;
  process.stdout.write(`stored ${sure.size}, answers ${JSON.stringify(total)}\n`);
  // The faults had an effect, and all responses are those of the contract.
  expect((total['503'] ?? 0) + (total['504'] ?? 0) + (total['lost'] ?? 0)).toBeGreaterThan(0);
  const others = Object.keys(total).filter(
    (status) => !['200', '201', '503', '504', 'lost'].includes(status),
  );
  expect(others).toEqual([]);
});
