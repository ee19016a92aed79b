import { FedEngine, settle } from './feed.fixture.js';

describe('a session that is ahead of the tail', () => {
  const engine = new FedEngine(100);
  beforeAll(() => engine.start());
  afterAll(() => engine.stop());

  it('does not receive messages again: another replica, or its replay, was faster than the tail', async () => {
    for (let i = 0; i < 10; i++) engine.stream.store('a');
    await settle();
    const client = engine.connect(['a'], 13);
    expect(client.feed.state).toBe('live');
    for (let i = 0; i < 8; i++) engine.stream.store('a');
    await settle();
    expect(client.received).toEqual([14, 15, 16, 17, 18]);
  });

  it('is caught up to its own cursor until the tail has passed it', async () => {
    const client = engine.connect(['a'], 25);
    expect(client.feed.state).toBe('live');
    expect(client.feed.caughtUpTo).toBe(25);
    for (let i = 0; i < 9; i++) engine.stream.store('a');
    await settle();
    expect(client.feed.caughtUpTo).toBe(27);
  });
});
