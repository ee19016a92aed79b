import { NatsReadError, type FollowOptions, type StreamFacts } from '@nuts/nats';
import { MemoryStream } from './memory-stream.fixture.js';
import { StreamLog, type StreamLogOptions } from './stream-log.js';
import { SubjectSet } from './subject-set.js';

describe('the parts of a log', () => {
  let stream: MemoryStream;
  let log: StreamLog;
  let followed: FollowOptions[];
  const pass = (ms = 0): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const create = (options: Partial<StreamLogOptions> = {}): void => {
    log = new StreamLog(stream, {
      stream: 'EVENTS',
      topicPrefix: 'a.',
      window: { maxMessages: 5, maxBytes: 1e6 },
      lastValues: { maxMessages: 100, maxBytes: 1e6 },
      idleHeartbeatMs: 1000,
      ...options,
    });
  };
  const start = async (): Promise<void> => {
    log.start();
    await pass();
  };

  beforeEach(() => {
    jest.useFakeTimers();
    stream = new MemoryStream();
    followed = [];
    const follow = stream.follow.bind(stream);
    stream.follow = (options) => (followed.push(options), follow(options));
    for (const one of ['a.x', 'a.y', 'b', 'a.x', 'a.x', 'a.x', 'b', 'b']) stream.store(one);
    create();
  });
  afterEach(() => {
    log.stop();
    expect([stream.status$.observed, stream.open]).toEqual([false, 0]);
    jest.useRealTimers();
  });

  it('read the stream once, from the start of the window, until the log stops', async () => {
    const begun: StreamFacts[] = [];
    log.begun$.subscribe((facts) => begun.push(facts));
    const appended: number[] = [];
    log.appended$.subscribe(({ sequence }) => appended.push(sequence));
    await start();
    await start();
    expect(followed).toHaveLength(1);
    expect(followed[0]).toMatchObject({
      stream: 'EVENTS',
      filters: ['a.>'],
      start: { sequence: 4 },
      idleHeartbeatMs: 1000,
    });
    expect([begun.length, begun[0]?.lastSequence, log.generation]).toEqual([1, 8, 1]);
    expect([appended, log.position.sequence, log.heldTimeAt(5)]).toEqual([
      [4, 5, 6],
      8,
      stream.held[4]?.timeNanos,
    ]);
    expect([log.knownTime(8), log.knownTime(7)]).toEqual([stream.held[7]?.timeNanos, undefined]);
    log.stop();
    stream.store('a.x');
    expect([appended.length, jest.getTimerCount()]).toEqual([3, 0]);
    const { factsRead } = stream;
    await pass(10_000);
    expect(stream.factsRead).toBe(factsRead);
    await start();
    expect(appended).toEqual([4, 5, 6, 9]);
  });

  it('know the newest of each subject, beyond the window too', async () => {
    await start();
    const { entries } = log.latest.of(new SubjectSet('a.', ['>']), 0, 9);
    expect(entries.map(({ sequence }) => sequence)).toEqual([2, 6]);
    expect(log.latest.isCompleteFor(new SubjectSet('a.', ['>']))).toBe(true);
  });

  it('know the end of the stream, before the tail has it', async () => {
    expect([log.lastKnownSequence, log.facts]).toEqual([0, undefined]);
    await start();
    expect(log.lastKnownSequence).toBe(8);
    stream.store('a.x', '{}', true);
    await log.freshFacts();
    expect([log.lastKnownSequence, log.position.sequence]).toEqual([9, 8]);
    stream.deliver(stream.held.at(-1) as never);
    stream.store('a.x');
    expect(log.lastKnownSequence).toBe(10);
  });

  it('wait for the tail where stream info is ahead of it', async () => {
    await start();
    expect(log.reach(log.facts as StreamFacts)).toBeUndefined();
    stream.store('a.x', '{}', true);
    const facts = await log.freshFacts();
    let reached = 0;
    void log.reach(facts)?.then(() => reached++);
    await pass(100);
    expect(reached).toBe(0);
    stream.deliver(stream.held.at(-1) as never);
    await pass();
    expect([reached, log.position.sequence]).toEqual([1, 9]);
  });

  it('follow stream info: what the stream no longer holds leaves memory', async () => {
    const gone: number[] = [];
    log.gone$.subscribe((entries) => gone.push(...entries.map(({ sequence }) => sequence)));
    await start();
    stream.remove(({ sequence }) => sequence < 5);
    await log.freshFacts();
    expect([gone.sort(), log.removals, log.messages.first?.sequence]).toEqual([[2, 4], 2, 5]);
    expect(log.retainedFrom(log.facts as StreamFacts)).toBe(5);
  });

  it('tell of a lost consumer, and read stream info at once', async () => {
    const lost: string[] = [];
    log.lost$.subscribe(({ kind }) => lost.push(kind));
    await start();
    await pass(100);
    const { factsRead } = stream;
    stream.loseTail();
    await pass();
    expect([lost, stream.factsRead]).toEqual([['consumer_lost'], factsRead + 1]);
    expect(log.canServe).toBe(false);
    // A request that waits shortens the pause of 200 ms.
    await pass(100);
    log.shortenPause();
    await pass();
    expect([log.canServe, followed.length]).toEqual([true, 2]);
  });

  it('look up what memory may have lost', async () => {
    await start();
    const uncovered = log.messages.uncovered(new SubjectSet('a.', ['y']), 2);
    expect(await log.lookUp(uncovered)).toEqual([
      { asked: uncovered[0], last: expect.objectContaining({ sequence: 2 }) as object },
    ]);
  });

  it.each([
    [undefined, 'stream_name: there is no stream EVENTS'],
    ['flags', 'kv_bucket: there is no bucket flags'],
  ])('name a stream that is missing at the start (bucket: %p)', async (kvBucket, message) => {
    create({ kvBucket });
    const told: string[] = [];
    log.unusable$.subscribe((error) => told.push(error.message));
    stream.streamFacts = () => Promise.reject(new NatsReadError('stream_not_found', 'gone'));
    await start();
    expect(told).toEqual([expect.stringContaining(message)]);
  });

  it('do not call a stream missing that was read before, or that cannot be read', async () => {
    const told: unknown[] = [];
    log.unusable$.subscribe((error) => told.push(error));
    const read = stream.streamFacts.bind(stream);
    stream.streamFacts = () => Promise.reject(new NatsReadError('timeout', 'no answer'));
    await start();
    stream.streamFacts = read;
    await pass(1000);
    expect(log.canServe).toBe(true);
    stream.streamFacts = () => Promise.reject(new NatsReadError('stream_not_found', 'gone'));
    stream.loseTail();
    await pass(1000);
    expect(told).toEqual([]);
  });

  it('start afresh with another stream, after what was read of the old one was there', async () => {
    await start();
    const before: unknown[] = [];
    log.reset$.subscribe((reason) =>
      before.push([reason, log.messages.messages, log.position.sequence]),
    );
    stream.recreate();
    stream.store('a.z');
    await pass(500);
    expect(before).toEqual([['stream_recreated', 3, 8]]);
    expect([log.generation, log.messages.messages, log.position.sequence]).toEqual([2, 1, 1]);
    expect([log.knownTime(8), log.canServe]).toEqual([undefined, true]);
  });
});
