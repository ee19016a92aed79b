import { NatsReadError, type StreamFacts, type StreamMessage } from '@nuts/nats';
import type { Subscription } from 'rxjs';
import { START_OF_STREAM, type ResetReason } from './generation.js';
import { MemoryStream } from './memory-stream.fixture.js';
import { Tail, type TailListener } from './tail.js';

/** Everything that a tail told, in order. */
class Heard implements TailListener {
  readonly position = START_OF_STREAM;
  readonly heldTimeAt = (): undefined => undefined;
  readonly sequences: number[] = [];
  readonly resets: ResetReason[] = [];
  readonly starts: number[] = [];
  losses = 0;

  begin(_facts: StreamFacts, startSequence: number): void {
    this.starts.push(startSequence);
  }
  message({ sequence }: StreamMessage): void {
    this.sequences.push(sequence);
  }
  reset(reason: ResetReason): void {
    this.resets.push(reason);
    this.sequences.length = 0;
  }
  lost(_error: NatsReadError): void {
    this.losses += 1;
  }
}

describe('Tail', () => {
  let stream: MemoryStream;
  let heard: Heard;
  let running: Subscription;

  const start = (windowMaxMessages = 10): Tail => {
    const tail = new Tail(
      stream,
      { stream: 'EVENTS', filter: '>', windowMaxMessages, idleHeartbeatMs: 10_000 },
      heard,
    );
    running = tail.run().subscribe();
    return tail;
  };
  const store = (count: number, quietly = false): void => {
    for (let i = 0; i < count; i++) stream.store('a', '{}', quietly);
  };
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    jest.useFakeTimers();
    stream = new MemoryStream();
    heard = new Heard();
  });
  afterEach(() => {
    running.unsubscribe();
    jest.useRealTimers();
  });

  it('begins a window before the end, and goes on', async () => {
    store(100);
    const tail = start(10);
    await pass(0);
    store(2);
    expect(heard.starts).toEqual([91]);
    expect(heard.sequences).toEqual(Array.from({ length: 12 }, (_, i) => 91 + i));
    expect([tail.position.sequence, tail.alive]).toEqual([102, true]);
  });

  it('goes on after the last message when its consumer is lost, with none twice', async () => {
    start();
    await pass(0);
    store(3);
    stream.loseTail();
    store(3);
    await pass(500);
    store(1);
    expect(heard.sequences).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([heard.losses, heard.resets]).toEqual([1, []]);
  });

  it('is not alive while it has lost its consumer', async () => {
    const tail = start();
    await pass(0);
    stream.loseTail();
    expect(tail.alive).toBe(false);
    await pass(400);
    expect(tail.alive).toBe(true);
  });

  it('starts anew with a recreated stream, also one that has passed the old position', async () => {
    start();
    await pass(0);
    store(3);
    stream.recreate();
    store(20);
    await pass(500);
    expect(heard.resets).toEqual(['stream_recreated']);
    expect(heard.starts).toEqual([1, 11]);
    expect(heard.sequences).toEqual(Array.from({ length: 10 }, (_, i) => 11 + i));
  });

  it('calls a lower end a rewind only after repeated readings', async () => {
    start();
    await pass(0);
    store(5);
    const facts = stream.streamFacts.bind(stream);
    let readings = 0;
    stream.streamFacts = async (name) => {
      readings += 1;
      const now = await facts(name);
      return readings <= 2 ? { ...now, lastSequence: 2 } : now;
    };
    stream.loseTail();
    await pass(3000);
    expect(heard.resets).toEqual([]);
    readings = -100;
    stream.loseTail();
    await pass(6000);
    expect(heard.resets).toEqual(['stream_rewound']);
  });

  it('notices a restored stream by the time of the message at its position', async () => {
    start();
    await pass(0);
    store(5);
    const other = new MemoryStream();
    for (let i = 0; i < 9; i++) other.store('b');
    other.created = stream.created;
    // The same sequences, stored at other times.
    stream.follow = (options) => {
      const source = other.follow(options);
      return new (source.constructor as typeof import('rxjs').Observable<StreamMessage>)(
        (subscriber) =>
          source.subscribe((message) =>
            subscriber.next({ ...message, timeNanos: message.timeNanos + 1n }),
          ),
      );
    };
    stream.loseTail();
    await pass(500);
    expect(heard.resets).toEqual(['stream_rewound']);
  });

  it('waits while NATS is away', async () => {
    stream.status$.next('disconnected');
    start();
    await pass(5000);
    expect([heard.starts, heard.losses]).toEqual([[], 0]);
    stream.status$.next('connected');
    await pass(0);
    expect(heard.starts).toEqual([1]);
  });
});
