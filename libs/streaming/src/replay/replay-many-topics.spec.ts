import { FedEngine, settle } from '../session/feed.fixture.js';

it('a replay of many subjects without messages ends and releases its slot', async () => {
  const engine = new FedEngine(5);
  await engine.start();
  for (let i = 0; i < 500; i++) engine.stream.store('busy');
  await settle();
  const topics = Array.from({ length: 300 }, (_, i) => `none.${i}`);
  const client = engine.connect(topics, 3);
  while (client.feed.state !== 'live') await settle();
  engine.stream.store('none.299');
  await settle();
  expect(client.received).toEqual([501]);
  expect(engine.stream.open).toBe(0);
  client.subscription.unsubscribe();
  engine.stop();
});
