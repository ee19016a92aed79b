import type { NatsConnection } from 'nats';
import { ConsumerInbox, type ConsumerListener } from '../reader/consumer-inbox.js';
import type { EphemeralConsumer } from '../reader/ephemeral-consumer.js';
import { Link } from './link.js';
import { parseServer } from './server-url.js';

/** The client between its end and the notification about it. */
const ending = {
  isClosed: () => true,
  subscribe: () => {
    throw new Error('CONNECTION_CLOSED');
  },
  publish: () => {
    throw new Error('CONNECTION_CLOSED');
  },
};

it('is lost as soon as its connection has ended, not only when it is notified', () => {
  const link = new Link(
    ending as unknown as NatsConnection,
    parseServer('localhost'),
    () => undefined,
    undefined,
  );
  const failures: string[] = [];
  const listener: ConsumerListener = {
    onMessage: () => undefined,
    onStatus: () => undefined,
    onFailure: ({ kind }) => failures.push(kind),
  };
  const consumer = { stream: 'S', name: 'C', pullSubject: 'pull' } as EphemeralConsumer;
  const inbox = new ConsumerInbox(link, consumer, listener);
  inbox.pull({ batch: 1 });
  expect(link.alive).toBe(false);
  expect(failures).toEqual(['disconnected']);
});
