import { until } from '../../../../test/support/until.js';
import { connect } from '../connect.js';
import { FakeHub } from '../fake-hub.fixture.js';
import type { Hub } from '../hub/hub.js';
import { ExternalStore } from './external-store.js';
import { FrameBatch } from './frame-batch.js';
import { LastSource } from './last-source.js';
import { TopicSource } from './topic-source.js';

describe('sources of the hooks', () => {
  let server: FakeHub;
  let hub: Hub;
  beforeEach(async () => {
    server = await FakeHub.start();
    hub = connect(server.url);
  });
  afterEach(async () => {
    hub.close();
    await server.stop();
  });

  function follow(topics: string[], start?: string, limit = 3) {
    const source = new TopicSource<number>(hub, topics, start);
    source.limit = limit;
    const store = new ExternalStore(source, new FrameBatch());
    const leave = store.subscribe(() => undefined);
    return { store, source, leave };
  }
  const payloads = ({ store }: ReturnType<typeof follow>): number[] =>
    store.read().messages.map(({ payload }) => payload);

  describe('of messages', () => {
    it('keeps the newest messages, from history to live', async () => {
      for (const n of [1, 2, 3, 4]) server.publish('a', n);
      const topic = follow(['a'], 'all');
      expect(topic.store.read()).toMatchObject({ messages: [], isLive: false, last: undefined });
      await until(() => topic.store.read().isLive);
      server.publish('a', 5);
      await until(() => payloads(topic).join() === '3,4,5');
      expect(topic.store.read()).toMatchObject({ last: { payload: 5 }, state: { name: 'open' } });
    });

    it('limits what waits for a frame', async () => {
      const topic = follow(['a']);
      await until(() => topic.store.read().isLive);
      for (let n = 1; n <= 5_000; n += 1) server.publish('a', n);
      await until(() => payloads(topic).join() === '4998,4999,5000');
    });

    it('keeps none with a limit of 0, but still has the last one', async () => {
      const topic = follow(['a'], undefined, 0);
      await until(() => topic.store.read().isLive);
      server.publish('a', 1);
      await until(() => topic.store.read().last?.payload === 1);
      expect(payloads(topic)).toEqual([]);
    });

    it('is not live while the connection is lost, and reports what was missed', async () => {
      const topic = follow(['a']);
      await until(() => topic.store.read().isLive);
      server.publish('a', 1);
      await until(() => payloads(topic).length === 1);
      server.refuse = () => ({ status: 503, message: 'away' });
      server.cut();
      await until(() => !topic.store.read().isLive);
      for (const n of [2, 3, 4]) server.publish('a', n);
      server.forget(3);
      server.refuse = () => undefined;
      await until(() => topic.store.read().isLive && payloads(topic).at(-1) === 4);
      expect(topic.store.read().gap).toEqual({ reason: 'sequence below retention' });
    });

    it('starts again with a recreated stream', async () => {
      const topic = follow(['a'], undefined, 10);
      await until(() => topic.store.read().isLive);
      for (const n of [1, 2]) server.publish('a', n);
      await until(() => payloads(topic).length === 2);
      server.recreate();
      server.publish('a', 7);
      await until(() => payloads(topic).join() === '7');
    });

    it('reports that the hub refuses its topics while others continue', async () => {
      const good = follow(['a']);
      await until(() => good.store.read().isLive);
      server.refuse = (_, topics) =>
        topics.includes('b') ? { status: 403, message: 'Forbidden topic' } : undefined;
      const bad = follow(['b']);
      await until(() => bad.store.read().state.name === 'refused');
      expect(bad.store.read().state).toMatchObject({ status: 403, reason: 'Forbidden topic' });
      expect(good.store.read().state.name).toBe('open');
    });

    it('opens nothing without topics or on a closed hub', async () => {
      const none = follow([]);
      hub.close();
      const late = follow(['a']);
      await until(() => late.store.read().state.name === 'refused');
      expect(none.store.read().state.name).toBe('closed');
      expect(server.requests).toHaveLength(0);
    });

    it('leaves no connection when it is removed while connecting', async () => {
      let answer: (value?: unknown) => void = () => undefined;
      server.paused = new Promise((resolve) => (answer = resolve));
      const topic = follow(['a']);
      await until(() => server.requests.length === 1);
      topic.leave();
      await until(() => hub.state.name === 'closed');
      await until(() => server.requests[0]?.destroyed);
      answer();
      await until(() => server.open === 0);
    });
  });

  describe('of newest payloads', () => {
    function last(topics: string[]) {
      const source = new LastSource<number>(hub, topics);
      const store = new ExternalStore(source, new FrameBatch());
      return { source, store, leave: store.subscribe(() => undefined) };
    }

    it('has the state first, then each change', async () => {
      for (const n of [1, 2]) server.publish('a', n);
      server.publish('__proto__', 3);
      const { store } = last(['a', '__proto__', 'b']);
      await until(() => Object.keys(store.read()).length === 2);
      expect(Object.entries(store.read())).toEqual(
        expect.arrayContaining([
          ['a', 2],
          ['__proto__', 3],
        ]),
      );
      server.publish('b', 4);
      await until(() => store.read()['b'] === 4);
    });

    it('keeps the payloads of remaining topics, over one connection', async () => {
      for (const topic of ['a', 'b']) server.publish(topic, 1);
      const { source, store } = last(['a', 'b']);
      await until(() => Object.keys(store.read()).length === 2);
      const seen: (number | undefined)[] = [];
      store.subscribe(() => seen.push(store.read()['a']));
      server.publish('c', 5);
      source.follow(['a', 'c']);
      await until(() => store.read()['c'] === 5);
      expect(store.read()).toEqual({ a: 1, c: 5 });
      expect(new Set(seen)).toEqual(new Set([1]));
      await until(() => server.open === 1);
    });

    it('removes values that the stream no longer has', async () => {
      server.publish('a', 1);
      server.publish('b', 2);
      const { store, leave } = last(['a', 'b']);
      await until(() => Object.keys(store.read()).length === 2);
      leave();
      await until(() => hub.state.name === 'closed');
      server.forget(1);
      store.subscribe(() => undefined);
      await until(() => !('a' in store.read()));
      expect(store.read()).toEqual({ b: 2 });
    });

    it('reports a refusal', async () => {
      server.refuse = () => ({ status: 403, message: 'Forbidden topic' });
      const { source } = last(['a']);
      source.failed = jest.fn();
      await until(() => jest.mocked(source.failed as () => void).mock.calls.length > 0);
      expect(source.failed).toHaveBeenCalledWith(expect.objectContaining({ status: 403 }));
    });
  });
});
