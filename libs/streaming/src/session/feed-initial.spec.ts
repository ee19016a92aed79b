import { FedEngine, type FedClient } from './feed.fixture.js';

describe('a feed that starts with last values', () => {
  let engine: FedEngine;
  beforeEach(async () => {
    engine = new FedEngine(3, 4, undefined, { maxMessages: 100, maxBytes: 1e6 });
    // Memory keeps the last values of a and b outside the window; the window has all messages of c.
    for (const topic of ['a', 'a', 'b', 'c', 'c', 'c']) engine.stream.store(topic);
    await engine.start();
  });
  afterEach(() => engine.stop());

  const liveFrame = (position: number): Buffer => Buffer.from(`live at ${position}\n`);
  const connect = (topics: readonly string[], room?: number): FedClient =>
    engine.connect(topics, 0, room, undefined, undefined, { liveFrame });

  it('receives them and the end of its history in one write, which many clients share', () => {
    const first = connect(['a', 'b']);
    const second = connect(['a', 'b']);
    expect(first.received).toEqual([2, 3, 6]);
    expect(first.writes).toHaveLength(1);
    expect(first.writes[0]).toMatch(/"sequence":2[^]*"sequence":3[^]*live at 6\n$/);
    expect(second.writes).toEqual(first.writes);
    expect([first.feed.state, first.transitions]).toEqual(['live', ['live']]);
  });

  it.each([1, 2, 3])('receives each once, however much room its socket has: %d', (room) => {
    const client = connect(['a', 'b'], room);
    for (let i = 0; i < 3; i++) client.sink.drain();
    expect(client.received).toEqual([2, 3, 6]);
    expect(client.writes.join('').match(/live at/g)).toHaveLength(1);
    expect(client.feed.state).toBe('live');
  });

  it('has the current position, not that of the previous client', async () => {
    connect(['a', 'b']);
    engine.stream.store('d');
    await until(() => engine.log.position.sequence === 7);
    expect(connect(['a', 'b']).writes.at(-1)).toMatch(/live at 7\n$/);
    engine.stream.store('a');
    await until(() => engine.log.position.sequence === 8);
    expect(connect(['a', 'b']).received).toEqual([3, 8, 8]);
  });

  it('misses no message that is published before its last value is sent', async () => {
    const client = connect(['b', 'c'], 1);
    engine.stream.store('c');
    await until(() => engine.log.position.sequence === 7);
    for (let i = 0; i < 3; i++) client.sink.drain();
    expect(client.received).toEqual([3, 6, 6, 7]);
  });

  it('does not share a position that messages have followed and left the window again', async () => {
    connect(['a', 'b']);
    for (const topic of ['a', 'd', 'd', 'd']) engine.stream.store(topic);
    await until(() => engine.log.messages.first?.sequence === 8);
    const client = connect(['a', 'b']);
    expect(client.received).toEqual([3, 7, 10]);
    expect(client.writes.at(-1)).toMatch(/"sequence":7[^]*live at 10\n$/);
  });

  it('can have an empty history', () => {
    expect(connect(['never']).writes).toEqual(['live at 6\n']);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
