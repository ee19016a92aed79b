import { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import type { RequestedStart } from '@nuts/auth';
import { NoopMetrics } from '@nuts/metrics';
import type { PullReader } from '@nuts/nats';
import { MemoryStream } from '../log/memory-stream.fixture.js';
import type { Lease } from '../replay/lease-queue.js';
import { hubOptions } from '../sse/edge.fixture.js';
import { Hub } from './hub.js';
import { StreamSource } from './stream-source.js';
import type { StreamRequest } from './stream-request.interface.js';

/** A stream whose consumers can be slow. */
class SlowStream extends MemoryStream {
  /** Set to hold back what consumers need. */
  creation: Promise<unknown> = Promise.resolve();
  delivery: Promise<unknown> = Promise.resolve();

  override async openPull(...order: Parameters<MemoryStream['openPull']>): Promise<PullReader> {
    await this.creation;
    const reader = await super.openPull(...order);
    return {
      name: reader.name,
      pending: reader.pending,
      pull: async (...sizes) => {
        await this.delivery;
        return reader.pull(...sizes);
      },
      close: () => reader.close(),
    };
  }
}

const never = new Promise(() => undefined);

describe('a request that needs a consumer', () => {
  let stream: SlowStream;
  let source: StreamSource;
  let hub: Hub;

  beforeAll(() => void Logger.overrideLogger(false));
  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    stream = new SlowStream();
    source = new StreamSource(stream, {
      stream: 'EVENTS',
      topicPrefix: '',
      window: { maxMessages: 5, maxBytes: 1e6 },
      idleHeartbeatMs: 1e6,
    });
    hub = new Hub(hubOptions({ topicPrefix: '' }), source, new NoopMetrics().hub());
    for (let i = 0; i < 20; i++) stream.store('a');
    source.start();
    while (!source.log.canServe) await jest.advanceTimersByTimeAsync(1);
  });
  afterEach(() => {
    hub.close();
    source.stop();
    jest.useRealTimers();
  });

  const request = (start: RequestedStart): StreamRequest => ({
    subscription: { hub: hub.options, topics: ['a'], start },
    subscriber: undefined,
    clientAddress: '127.0.0.1',
    response: Object.assign(new EventEmitter(), {
      req: { socket: new EventEmitter() },
      destroy: () => undefined,
    }) as unknown as StreamRequest['response'],
    signal: new AbortController().signal,
    declined: () => undefined,
  });
  /** What the answer is after some time; undefined if there is none. */
  async function after(ms: number, answer: Promise<unknown>): Promise<unknown> {
    let outcome: unknown;
    answer.then(
      () => (outcome = 'opened'),
      (error: unknown) => (outcome = error),
    );
    await jest.advanceTimersByTimeAsync(ms);
    return outcome;
  }
  const unavailable = expect.objectContaining({ kind: 'jetstream_unavailable' }) as unknown;

  it.each([
    ['stream', (asked: StreamRequest) => hub.open(asked)],
    ['page', (asked: StreamRequest) => hub.page(asked, 10)],
  ])('is refused after 2 s without one, and holds nothing: a %s', async (_, open) => {
    let create!: () => void;
    stream.creation = new Promise<void>((resolve) => (create = resolve));
    const answer = open(request({ from: 'all' }));
    expect(await after(1900, answer)).toBeUndefined();
    expect(await after(200, answer)).toEqual(unavailable);
    expect(hub.status.connections).toBe(0);
    create();
    await jest.advanceTimersByTimeAsync(10);
    expect([stream.opened, stream.open, source.channels.size]).toEqual([1, 0, 0]);
  });

  it('is refused after 2 s in all: a page whose consumer comes late and delivers nothing', async () => {
    stream.creation = new Promise((resolve) => setTimeout(resolve, 1500));
    stream.delivery = never;
    const answer = hub.page(request({ from: 'all' }), 10);
    expect(await after(1900, answer)).toBeUndefined();
    expect(await after(200, answer)).toEqual(unavailable);
    await jest.advanceTimersByTimeAsync(10);
    expect([hub.status.connections, source.channels.size]).toEqual([0, 0]);
  });

  it('waits longer for a replay slot that others have: turns are fair', async () => {
    const leases: (Lease | undefined)[] = [];
    do leases.push(source.slots.tryAcquire());
    while (leases.at(-1) !== undefined);
    const answer = hub.page(request({ from: 'all' }), 10);
    expect(await after(8000, answer)).toBeUndefined();
    for (const lease of leases) lease?.release();
    expect(await after(100, answer)).toBe('opened');
  });
});
