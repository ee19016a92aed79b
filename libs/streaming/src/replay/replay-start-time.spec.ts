import { FedEngine, settle } from '../session/feed.fixture.js';

it('delivers nothing from before its start, even if the socket was full at its first pull', async () => {
  const engine = new FedEngine(5, 1);
  await engine.start();
  for (let i = 0; i < 300; i++) engine.stream.store('a');
  await settle();
  const start = (await engine.stream.messageAt('EVENTS', 200))?.timeNanos;
  const client = engine.connect(['a'], 0, 50, start);
  client.sink.room = 0;
  await settle();
  // It waits for the slot, which the first one releases before it has sent anything.
  const other = engine.connect(['a'], 100);
  while (other.received.length < 200) await settle();
  expect(client.received).toEqual([]);
  while (client.feed.state !== 'live') {
    client.sink.drain();
    await settle();
  }
  expect(client.received).toEqual(Array.from({ length: 101 }, (_, i) => 200 + i));
  for (const { subscription } of [client, other]) subscription.unsubscribe();
  engine.stop();
});
