import { until } from '../support/until.js';
import { Random } from './random.js';
import { Rig, interruptionsOf, problemsOf, reached } from './rig.js';

const BACKLOG = 4000;
/** Published during their replays, unless they are live earlier. */
const MEANWHILE = 20_000;

describe('from replay to live under full load', () => {
  it('loses and duplicates nothing, for cursors across the stream', async () => {
    const random = Random.ofRun('hand-over');
    const rig = await Rig.start({
      env: { WINDOW_MAX_MESSAGES: '100' },
      prepare: (broker) => broker.fill(BACKLOG, (i) => `events.${'abc'[i % 3]}`),
    });
    let publishing = true;
    const load = (async (): Promise<void> => {
      for (let i = 0; publishing && i < MEANWHILE; i++) {
        rig.broker.connection.publish(`events.${'abc'[i % 3]}`, `{"n":${i}}`);
        // As fast as the server accepts them, in bursts of a few dozen.
        if (i % 40 === 0) await rig.broker.connection.flush();
      }
    })();
    const topics = [['a'], ['b'], ['a', 'c'], ['a', 'b', 'c']];
    const clients = Array.from({ length: 12 }, (_, i) =>
      rig.client({
        topics: topics[i % topics.length] ?? [],
        cursor: String(random.between(0, BACKLOG)),
        random: random.fork(),
        habits: i % 5 === 0 ? { leaves: { everyMs: 1500, forMs: 200 } } : {},
      }),
    );
    // All of them pass the point where they came in, while more is stored than they read.
    await until(() => clients.every(({ position }) => position > BACKLOG + 100), {
      timeoutMs: 60_000,
      what: () => `all to pass ${BACKLOG}: ${clients.map(({ position }) => position).join(' ')}`,
    });
    publishing = false;
    await load;
    for (const client of clients) client.shortenPause();
    const last = await rig.broker.fill(3, (i) => `events.${'abc'[i]}`);
    const stored = await rig.broker.stored();
    for (const client of clients) {
      await reached(client, last - 2);
      await until(() => client.position >= lastOf(client.topics, last));
      expect(problemsOf(client, stored)).toEqual([]);
      expect(client.starts.map(({ recovery }) => recovery)).not.toContain('fallback');
    }
    for (const client of clients) client.close();
    await until(async () => (await rig.broker.consumers()).length === 1, {
      what: 'the replays’ consumers to be gone',
    });
  }, 90_000);

  it('continues if its consumer is deleted repeatedly', async () => {
    const rig = await Rig.start({
      env: { WINDOW_MAX_MESSAGES: '100' },
      prepare: (broker) => broker.fill(12_000, () => 'events.a', `"${'x'.repeat(1000)}"`),
    });
    const client = rig.client({ cursor: '10', habits: { bytesPerSecond: 3_000_000 } });
    let deleted = 0;
    while (deleted < 3 && client.position < 11_000) {
      for (const { name, config } of await rig.broker.consumers()) {
        const isReplay = (config.opt_start_seq ?? 0) < 11_900;
        if (isReplay && (await rig.broker.deleteConsumer(name))) deleted += 1;
      }
    }
    expect(deleted).toBe(3);
    await reached(client, 12_000, 40_000);
    expect(problemsOf(client, await rig.broker.stored())).toEqual([]);
    expect(interruptionsOf(client)).toEqual([]);
  }, 60_000);
});

/** The last three messages are one each of a, b and c. */
function lastOf(topics: readonly string[], last: number): number {
  if (topics.includes('c')) return last;
  return topics.includes('b') ? last - 1 : last - 2;
}
