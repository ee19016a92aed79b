import { StorageType } from 'nats';
import { Rig, interruptionsOf, reached } from './rig.js';

/** One client reads a topic with this many messages from the start, on one connection. */
export async function replayWhole(messages: number, timeoutMs = 25_000): Promise<void> {
  const rig = await Rig.start({
    stream: { storage: StorageType.Memory },
    prepare: (broker) => broker.fill(messages, () => 'events.a', '1'),
  });
  const client = rig.client({ cursor: '0' });
  await reached(client, messages, timeoutMs);
  expect(client.history.messages).toBe(messages);
  expect(client.history.violations).toEqual([]);
  expect(interruptionsOf(client)).toEqual([]);
}
