import { NatsError, type NatsConnection } from 'nats';
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

describe('a link whose server has refused a subscription', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const TIMEOUT = new NatsError('TIMEOUT', 'TIMEOUT');
  const start = (answers: (() => Promise<unknown>)[]): { link: Link; destroy: jest.Mock } => {
    const connection = {
      isClosed: () => false,
      closed: () => new Promise(() => undefined),
      flush: () => Promise.resolve(),
      request: () => answers.shift()?.(),
      status: async function* () {
        await Promise.resolve();
        yield { type: 'error', data: 'NATS_PROTOCOL_ERR' };
      },
    };
    const destroy = jest.fn();
    const link = new Link(
      connection as unknown as NatsConnection,
      parseServer('localhost'),
      destroy,
      undefined,
    );
    const nothing = (): void => undefined;
    link.listen({
      onLameDuck: nothing,
      onAsyncError: nothing,
      onServers: nothing,
      onLost: nothing,
    });
    return { link, destroy };
  };

  it('is ended if a request times out and none was ever answered', async () => {
    const { link, destroy } = start([() => Promise.reject(TIMEOUT)]);
    await jest.advanceTimersByTimeAsync(200);
    await expect(link.request('a', '', 100)).rejects.toBe(TIMEOUT);
    expect(destroy).toHaveBeenCalledTimes(1);
  });

  it('stays if a request was answered: the refused one was another', async () => {
    const { link, destroy } = start([() => Promise.resolve({}), () => Promise.reject(TIMEOUT)]);
    await jest.advanceTimersByTimeAsync(200);
    await link.request('a', '', 100);
    await expect(link.request('a', '', 100)).rejects.toBe(TIMEOUT);
    await jest.advanceTimersByTimeAsync(5000);
    expect(destroy).not.toHaveBeenCalled();
  });
});
