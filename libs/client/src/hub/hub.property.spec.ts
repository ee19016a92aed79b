import fc from 'fast-check';
import { until } from '../../../../test/support/until.js';
import { connect } from '../connect.js';
import { FakeHub } from '../fake-hub.fixture.js';
import { topicFilter } from '../topics.js';

const TOPICS = ['a', 'b', 'c.d', 'c.*'];
const PUBLISHED = ['a', 'b', 'c.d', 'c.e'];

type Step =
  | { readonly do: 'subscribe'; readonly topics: string[]; readonly start: string }
  | { readonly do: 'drop'; readonly which: number }
  | { readonly do: 'publish'; readonly topics: string[] }
  | { readonly do: 'cut' | 'pause' | 'expire' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      topics: fc.uniqueArray(fc.constantFrom(...TOPICS), { minLength: 1, maxLength: 3 }),
      start: fc.constantFrom('live', 'all', 'last:3'),
    }),
  },
  fc.record({ do: fc.constant('drop' as const), which: fc.nat(10) }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      topics: fc.array(fc.constantFrom(...PUBLISHED), { minLength: 1, maxLength: 12 }),
    }),
  },
  fc.record({ do: fc.constantFrom('cut' as const, 'pause' as const, 'expire' as const) }),
);

interface Reader {
  readonly topics: string[];
  readonly start: string;
  readonly ids: number[];
  close(): void;
}

/** Runs steps against a hub while messages are published, and compares each subscription with the log. */
async function run(steps: readonly Step[]): Promise<void> {
  const server = await FakeHub.start();
  let tokens = 0;
  const hub = connect(server.url, { token: () => String((tokens += 1)) });
  const log: string[] = [];
  const publish = (topic: string): void => {
    server.publish(topic, log.push(topic));
  };
  const readers: Reader[] = [];
  const publishing = setInterval(() => publish(PUBLISHED[log.length % 4] ?? 'a'), 1);
  try {
    for (const each of steps) {
      if (each.do === 'subscribe') {
        const { topics, start } = each;
        const ids: number[] = [];
        const subscription = hub.subscribe(topics, { start });
        subscription.on('message', ({ id }) => ids.push(Number(id)));
        readers.push({ topics, start, ids, close: () => subscription.close() });
      } else if (each.do === 'drop') {
        for (const dropped of readers.splice(each.which, 1)) dropped.close();
      } else if (each.do === 'publish') each.topics.forEach(publish);
      else if (each.do === 'cut') server.cut();
      else if (each.do === 'expire') server.send('event: expiring\ndata: {}\n\n');
      else await new Promise((resolve) => setTimeout(resolve, 5));
    }
    clearInterval(publishing);
    // One message per topic shows that no others are in flight.
    const heard = async (): Promise<boolean> => {
      const before = log.length;
      PUBLISHED.forEach(publish);
      await new Promise((resolve) => setTimeout(resolve, 10));
      return readers.every(({ ids }) => (ids.at(-1) ?? 0) > before);
    };
    await until(heard);
    await until(() =>
      readers.every((reader) => reader.ids.at(-1) === expected(reader, log).at(-1)),
    );
    for (const reader of readers) expect(reader.ids).toEqual(expected(reader, log));
  } finally {
    clearInterval(publishing);
    hub.close();
    await server.stop();
  }
}

/** The expected messages of a reader: all of its topics, from its first message on. */
function expected({ topics, start, ids }: Reader, log: readonly string[]): number[] {
  const covers = topicFilter(topics);
  const all = log.flatMap((topic, index) => (covers(topic) ? [index + 1] : []));
  return start === 'all' ? all : all.filter((id) => id >= (ids[0] ?? Infinity));
}

describe('subscriptions of one hub', () => {
  const numRuns = Number(process.env['CLIENT_PROPERTY_RUNS'] ?? 25);

  it('receive each message of their topics once and in order, whatever is subscribed, dropped and cut', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), run), {
      numRuns,
    });
  }, 600_000);
});
