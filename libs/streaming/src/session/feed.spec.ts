import * as fc from 'fast-check';
import { NatsReadError } from '@nuts/nats';
import { FedEngine, settle, type FedClient } from './feed.fixture.js';

describe('a session’s feed', () => {
  let engine: FedEngine;
  const start = async (windowMessages: number, slots?: number): Promise<FedEngine> => {
    engine = new FedEngine(windowMessages, slots);
    await engine.start();
    return engine;
  };
  afterEach(() => engine.stop());

  const store = (count: number, subject = 'a'): void => {
    for (let i = 0; i < count; i++) engine.stream.store(subject);
  };
  const upTo = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);

  it('is live from the start without a consumer', async () => {
    await start(100);
    const client = engine.connect(['a'], 0);
    store(3);
    await settle();
    expect(client.received).toEqual([1, 2, 3]);
    expect([client.feed.state, engine.stream.opened]).toEqual(['live', 0]);
  });

  it('catches up from the window', async () => {
    await start(100);
    store(10);
    await settle();
    const client = engine.connect(['a'], 4);
    expect(client.received).toEqual(upTo(5, 10));
    expect([client.feed.state, engine.stream.opened]).toEqual(['live', 0]);
  });

  it('replays what the window lost, passes into live, and releases everything', async () => {
    await start(5);
    store(500);
    await settle();
    const client = engine.connect(['a'], 100);
    store(20);
    await settle();
    await settle();
    store(20);
    await settle();
    expect(client.received).toEqual(upTo(101, 540));
    expect(client.feed.state).toBe('live');
    expect([engine.stream.opened, engine.stream.open]).toEqual([1, 0]);
  });

  it('serves a quiet topic with an old cursor without a consumer', async () => {
    await start(5);
    store(1, 'quiet');
    store(500);
    await settle();
    const client = engine.connect(['quiet'], 1);
    await settle();
    expect([client.feed.state, engine.stream.opened]).toEqual(['live', 0]);
    store(1, 'quiet');
    await settle();
    expect(client.received).toEqual([502]);
  });

  it('falls behind while its socket is full, and continues from its cursor', async () => {
    await start(50);
    const client = engine.connect(['a'], 0, 3);
    store(5);
    await settle();
    expect(client.received).toEqual([1, 2, 3]);
    expect(client.feed.state).toBe('catching_up');
    store(40);
    await settle();
    expect(client.received).toHaveLength(3);
    for (let i = 0; i < 20; i++) client.sink.drain();
    expect(client.received).toEqual(upTo(1, 45));
    expect(client.transitions).toEqual(['live', 'behind', 'live']);
  });

  it('returns to JetStream if the window has moved on', async () => {
    await start(10);
    const client = engine.connect(['a'], 0, 3);
    store(5);
    await settle();
    store(100);
    await settle();
    while (client.received.length < 105 || client.feed.state !== 'live') {
      client.sink.drain();
      await settle();
    }
    expect(client.received).toEqual(upTo(1, 105));
    expect([client.feed.state, engine.stream.open]).toEqual(['live', 0]);
  });

  it('ends with an error if the stream allows no more consumers', async () => {
    await start(5);
    store(100);
    await settle();
    engine.stream.refuseConsumers = new NatsReadError('consumer_limit', 'full');
    const client = engine.connect(['a'], 0);
    await settle();
    expect(client.failure).toMatchObject({ kind: 'consumer_limit' });
    expect(engine.slots.tryAcquire()).toBeDefined();
  });

  it('releases its slot while its reader stalls and another request waits', async () => {
    await start(5, 1);
    store(300);
    await settle();
    const stalled = engine.connect(['a'], 0, 2);
    await settle();
    const other = engine.connect(['a'], 100);
    while (other.received.length < 200) await settle();
    expect(stalled.received).toEqual([1, 2]);
    expect(other.received).toEqual(upTo(101, 300));
  });

  it.each(['live', 'replaying', 'waiting for a slot', 'waiting for its socket'])(
    'releases everything if it ends while %s',
    async (moment) => {
      await start(5, 1);
      store(moment === 'live' ? 2 : 300);
      await settle();
      const others: FedClient[] = [];
      if (moment === 'waiting for a slot') others.push(engine.connect(['a'], 0, 2));
      await settle();
      const client = engine.connect(['a'], 0, moment === 'waiting for its socket' ? 2 : 1000);
      if (moment !== 'replaying') await settle();
      client.subscription.unsubscribe();
      client.subscription.unsubscribe();
      others.forEach((other) => other.subscription.unsubscribe());
      const before = client.received.length;
      store(3);
      client.sink.drain();
      while (engine.stream.open > 0) await settle();
      await settle();
      expect(client.received).toHaveLength(before);
      expect([engine.channels.size, engine.slots.waiting]).toEqual([0, 0]);
      expect(engine.slots.tryAcquire()).toBeDefined();
    },
  );

  it('delivers everything once and in order, whatever the order of events', async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ store: fc.constantFrom('a', 'b', 'c'), count: fc.integer({ min: 1, max: 9 }) }),
        fc.record({ drain: fc.nat(4) }),
        fc.record({ connect: fc.nat(60), room: fc.integer({ min: 1, max: 8 }) }),
        fc.constant('settle' as const),
        fc.constant('lose the tail' as const),
      ),
      { minLength: 5, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 0, max: 12 }), async (script, window) => {
        await start(window, 2);
        const stored: string[] = [];
        const clients: { client: FedClient; topics: string[]; after: number }[] = [];
        for (const step of script) {
          if (step === 'settle') await settle();
          else if (step === 'lose the tail') engine.stream.loseTail();
          else if ('store' in step) {
            for (let i = 0; i < step.count; i++) {
              engine.stream.store(step.store);
              stored.push(step.store);
            }
          } else if ('drain' in step) clients[step.drain]?.client.sink.drain();
          else {
            const topics = step.room % 2 === 0 ? ['a'] : ['a', 'b'];
            const after = Math.min(step.connect, engine.log.position.sequence);
            clients.push({ client: engine.connect(topics, after, step.room), topics, after });
          }
        }
        for (const { client, topics, after } of clients) {
          const due = stored.flatMap((subject, index) =>
            index + 1 > after && topics.includes(subject) ? [index + 1] : [],
          );
          for (let i = 0; i < 400 && client.received.length < due.length; i++) {
            for (const each of clients) each.client.sink.drain();
            await settle();
            if (i > 20) await new Promise((resolve) => setTimeout(resolve, 10));
          }
          expect(client.received).toEqual(due);
        }
        for (const { client } of clients) client.subscription.unsubscribe();
        await settle();
        expect([engine.channels.size, engine.stream.open]).toEqual([0, 0]);
        engine.stop();
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
