import { until } from '../support/until.js';
import { Publisher } from './publisher.js';
import { Random } from './random.js';
import { Rig } from './rig.js';
import { Visitor } from './visitor.js';

/** Enough bytes that a reader is in the middle of them when its consumer is lost. */
const SUBJECTS = Array.from({ length: 200 }, (_, i) => `t${i}`);
const PAYLOAD = JSON.stringify('x'.repeat(10_000));

it.each([
  ['from JetStream', '0'],
  ['from memory', '10000'],
])(
  'consumers and connections are lost during initial values: %s',
  async (_, kept) => {
    const random = Random.ofRun('initial values');
    const rig = await Rig.start({
      env: {
        WINDOW_MAX_MESSAGES: '50',
        LAST_VALUES_MAX_MESSAGES: kept,
        MAX_TOPICS_PER_SUBSCRIPTION: '-1',
      },
      prepare: (broker) => broker.fill(400, (i) => `events.t${i % 200}`, PAYLOAD),
    });
    const { broker, server, service } = rig;
    const subjects = SUBJECTS.slice(0, 60).map((topic) => `events.${topic}`);
    const publisher = new Publisher(broker, { subjects, perSecond: 100, payload: PAYLOAD });
    const visitors = Array.from(
      { length: 4 },
      () =>
        new Visitor({
          url: () => `${service.url}/events`,
          topics: SUBJECTS,
          wantsAll: true,
          starts: ['last'],
          random: random.fork(),
          acknowledged: () => publisher.acknowledged.at(-1)?.sequence ?? 0,
          bytesPerSecond: 4_000_000,
        }),
    );
    // The tail always waits for more; a replay does not.
    const loseOne = (): Promise<boolean> =>
      until(async () => {
        const [replay] = (await broker.consumers()).filter(({ num_waiting: n }) => n === 0);
        return replay !== undefined && (await broker.deleteConsumer(replay.name));
      });
    for (let round = 0; round < 8; round++) {
      await new Promise((resolve) => setTimeout(resolve, random.between(20, 300)));
      if (round === 4) {
        await server.kill();
        await server.restart();
      } else if (kept === '0') await loseOne();
      else for (const visitor of visitors) if (random.next() < 0.5) visitor.drop();
    }
    await publisher.stop();
    for (const visitor of visitors) visitor.settle();
    const last = await broker.publish('events.t0', '"end"');
    await until(() => visitors.every(({ position = 0 }) => position >= last), {
      timeoutMs: 30_000,
    });
    const stored = await broker.stored();
    const visits = visitors.flatMap((visitor) => visitor.visits);
    expect(visits.flatMap((visit) => visit.problems(stored))).toEqual([]);
    expect(visits.filter(({ isLive }) => isLive).length).toBeGreaterThanOrEqual(visitors.length);
    for (const visitor of visitors) visitor.close();
    await until(async () => (await broker.consumers()).length === 1);
  },
  90_000,
);
