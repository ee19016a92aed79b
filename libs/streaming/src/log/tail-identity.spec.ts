import type { StreamMessage } from '@nuts/nats';
import { NEVER, Observable, type Subscription } from 'rxjs';
import { MemoryStream } from './memory-stream.fixture.js';
import { ToldTail } from './tail.fixture.js';
import { Tail } from './tail.js';

let stream: MemoryStream;
let listener: ToldTail;
let tail: Tail;
let running: Subscription;

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
const start = async (): Promise<void> => {
  running = tail.run().subscribe();
  await pass(0);
};
const store = (count: number): void => {
  for (let i = 0; i < count; i++) stream.store('a.x');
};
beforeEach(() => {
  jest.useFakeTimers();
  stream = new MemoryStream();
  listener = new ToldTail();
  const options = { stream: 'EVENTS', filter: 'a.>', windowMaxMessages: 10, idleHeartbeatMs: 1000 };
  tail = new Tail(stream, options, listener);
});
afterEach(() => {
  running.unsubscribe();
  expect(stream.status$.observed).toBe(false);
  jest.useRealTimers();
});

describe('a stream that a tail reads again', () => {
  it('is verified on request, without a loss', async () => {
    const follow = jest.spyOn(stream, 'follow');
    await start();
    store(2);
    tail.verifyStream();
    await pass(200);
    store(1);
    expect(listener.told).toEqual(['begin 1 of 0', '1', '2', '3']);
    expect(follow).toHaveBeenCalledTimes(2);
  });

  it('begins only once, also when the listener refuses it at first', async () => {
    listener.refusal = new Error('a work queue');
    store(1);
    await start();
    expect(listener.errors[0]?.message).toBe('a work queue');
    listener.refusal = undefined;
    await pass(300);
    expect(listener.told).toEqual(['begin 1 of 1', 'lost', 'begin 1 of 1', '1']);
  });

  it('is another one where a message that is in memory has another time', async () => {
    await start();
    store(5);
    const remembered = stream.messageAt.bind(stream);
    // The last message is gone; the one before it was written again.
    stream.remove(({ sequence }) => sequence === 5);
    stream.messageAt = async (name, sequence) => {
      const found = await remembered(name, sequence);
      return found && { ...found, timeNanos: found.timeNanos + 1n };
    };
    listener.held.set(4, 1n);
    stream.loseTail();
    await pass(200);
    expect(listener.told.slice(6)).toEqual([
      'lost',
      'stream_rewound',
      'begin 1 of 5',
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  it('is compared at the last known position, where that is above the last message', async () => {
    await start();
    store(2);
    for (let i = 0; i < 3; i++) stream.store('other');
    const { timeNanos } = stream.held[4] as StreamMessage;
    listener.position = { sequence: 5, timeNanos };
    const asked: number[] = [];
    const messageAt = stream.messageAt.bind(stream);
    stream.messageAt = (name, sequence) => (asked.push(sequence), messageAt(name, sequence));
    tail.verifyStream();
    await pass(200);
    expect([asked, listener.told.length]).toEqual([[5], 3]);
    listener.position = { sequence: 5, timeNanos: timeNanos + 1n };
    tail.verifyStream();
    await pass(400);
    expect(listener.told[3]).toBe('stream_rewound');
  });

  it('was rewound where its end stays below what is known for five readings', async () => {
    await start();
    store(5);
    stream.rewind(3);
    const since = performance.now();
    await pass(200 + 4 * 400 - 1);
    expect(listener.told.at(-1)).toBe('lost');
    await pass(1);
    expect(performance.now() - since).toBe(1800);
    expect(listener.told.slice(7)).toEqual(['stream_rewound', 'begin 1 of 3', '1', '2', '3']);
  });

  it('reads no further where its consumer has another message at the last sequence', async () => {
    await start();
    store(2);
    let ends = 0;
    const { timeNanos } = stream.held[1] as StreamMessage;
    const message = { ...(stream.held[1] as StreamMessage), timeNanos: timeNanos + 7n };
    stream.follow = () =>
      new Observable((subscriber) => {
        queueMicrotask(() => {
          subscriber.next(message);
          subscriber.next({ ...message, sequence: 3 });
        });
        return () => ends++;
      });
    stream.loseTail();
    await pass(200);
    expect([ends, listener.told.slice(3)]).toEqual([1, ['lost']]);
    stream.follow = () => NEVER;
    await pass(2000);
    expect(listener.told.slice(4)).toEqual(['stream_rewound', 'begin 1 of 2']);
  });

  it('never delivers a message before the last one again', async () => {
    await start();
    store(3);
    const [first, , third] = stream.held as [StreamMessage, StreamMessage, StreamMessage];
    stream.follow = () =>
      new Observable((subscriber) => {
        for (const one of [first, third]) subscriber.next(one);
      });
    stream.loseTail();
    await pass(200);
    expect(listener.told.slice(4)).toEqual(['lost']);
  });
});
