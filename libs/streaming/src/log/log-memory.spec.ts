import type { StreamFacts } from '@nuts/nats';
import { LogMemory, type LogMemoryOptions } from './log-memory.js';
import { RetainingStream } from './retaining-stream.fixture.js';
import { SubjectSet, type WantedSubject } from './subject-set.js';

describe('the memory of a log', () => {
  let stream: RetainingStream;
  let memory: LogMemory;
  let reached: number;
  let gone: number[];

  const facts = (): Promise<StreamFacts> => stream.streamFacts('EVENTS');
  const pass = (ms = 0): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const create = (options: Partial<LogMemoryOptions> = {}): void => {
    memory = new LogMemory(
      stream,
      {
        stream: 'EVENTS',
        topicPrefix: 's.',
        window: { maxMessages: 3, maxBytes: 1e9 },
        lastValues: { maxMessages: 100, maxBytes: 1e6 },
        ...options,
      },
      {
        freshFacts: facts,
        reach: () => undefined,
        reached: () => reached,
        verifyStream: () => undefined,
      },
    );
    gone = [];
    memory.retention.gone$.subscribe((entries) => {
      gone.push(...entries.map(({ sequence }) => sequence));
    });
  };
  /** Reads the stream after this sequence, as the tail does. */
  const begin = async (after: number): Promise<void> => {
    memory.begin(await facts(), after);
    memory.beginReading();
    for (const message of stream.held) if (message.sequence > after) append(message);
    await pass();
  };
  const append = (message: Parameters<LogMemory['append']>[0]): void => {
    reached = message.sequence;
    memory.append(message);
    memory.messages.trim();
  };
  const put = (subject: string, headers: Record<string, string> = {}): void => {
    stream.put(subject, headers);
    append(stream.held.at(-1) as Parameters<LogMemory['append']>[0]);
  };
  const set = (...topics: string[]): SubjectSet => new SubjectSet('s.', topics);
  const newest = (...topics: string[]): number[] =>
    memory.latest.of(set(...topics), 0, reached).entries.map(({ sequence }) => sequence);

  beforeEach(() => {
    jest.useFakeTimers();
    stream = new RetainingStream();
    reached = 0;
    for (const one of ['s.a', 's.b', 'x', 's.c', 's.a', 's.d', 's.d']) stream.put(one);
    create();
  });
  afterEach(() => {
    expect(stream.open).toBe(0);
    jest.useRealTimers();
  });

  it('holds the messages of its prefix, and the newest of each subject beyond the window', async () => {
    memory.begin(await facts(), 4);
    memory.beginReading();
    expect(memory.firstRead).toBeDefined();
    for (const message of stream.held.slice(4)) append(message);
    await pass();
    expect([memory.firstRead, memory.lastValues.messages]).toEqual([undefined, 2]);
    expect(newest('>')).toEqual([2, 4, 5, 7]);
    expect([memory.heldTimeAt(5), memory.heldTimeAt(4)]).toEqual([
      stream.held[4]?.timeNanos,
      undefined,
    ]);
    stream.put('x');
    expect(memory.append(stream.held.at(-1) as never)).toBeUndefined();
    expect(memory.messages.last?.sequence).toBe(7);
  });

  it('moves what the window evicts to the last values, until a newer message comes', async () => {
    await begin(4);
    put('s.e');
    put('s.f');
    expect([memory.messages.messages, memory.lastValues.get('s.a')?.sequence]).toEqual([3, 5]);
    expect(newest('>')).toEqual([2, 4, 5, 7, 8, 9]);
    put('s.a');
    expect([memory.lastValues.get('s.a'), newest('a')]).toEqual([undefined, [10]]);
    expect(gone).toEqual([]);
  });

  it('keeps only the window without last values', async () => {
    create({ lastValues: undefined as never });
    await begin(4);
    put('s.e');
    memory.retention.remove([memory.messages.last as never]);
    memory.tend();
    expect([memory.lastValues.isOff, memory.lastValues.uncertainSubjects.size]).toEqual([true, 0]);
    expect([memory.firstRead, stream.opened]).toEqual([undefined, 0]);
  });

  it('doubts a subject whose last message left the window, and reads it again', async () => {
    await begin(4);
    stream.remove(({ sequence }) => sequence === 5);
    memory.retention.remove([memory.messages.at(5) as never]);
    expect([gone, memory.latest.isCompleteFor(set('a')), memory.retention.removals]).toEqual([
      [5],
      false,
      1,
    ]);
    memory.tend();
    await pass();
    expect([memory.latest.isCompleteFor(set('a')), newest('a')]).toEqual([true, [1]]);
    // Another message of the subject is in the window.
    memory.retention.remove([memory.messages.at(6) as never]);
    expect(memory.lastValues.uncertainSubjects.size).toBe(0);
  });

  it('removes everything before a message that replaces all', async () => {
    await begin(4);
    put('s.z', { 'Nats-Rollup': 'all' });
    expect([newest('>'), memory.lastValues.messages]).toEqual([[8], 0]);
    expect(gone.sort()).toEqual([2, 4, 5, 6, 7]);
  });

  it('removes what expired before anything is read from it', async () => {
    await begin(4);
    put('s.t', { 'Nats-TTL': '1' });
    for (const one of ['s.u', 's.v', 's.w']) put(one);
    await pass(1000);
    expect(memory.lastValues.get('s.t')).toBeDefined();
    memory.tend();
    expect([memory.lastValues.get('s.t'), gone]).toEqual([undefined, [8]]);
    put('s.t', { 'Nats-TTL': '1' });
    await pass(1000);
    expect(memory.messages.at(12)).toBeUndefined();
  });

  it('follows the first sequence of the stream in all its parts', async () => {
    await begin(4);
    stream.remove(({ sequence }) => sequence < 6);
    memory.notice(await facts());
    expect([newest('>'), gone.sort()]).toEqual([[7], [2, 4, 5]]);
  });

  it('compares itself with the stream after a deletion', async () => {
    await begin(4);
    stream.remove(({ sequence }) => sequence === 2 || sequence === 6);
    memory.notice(await facts());
    await pass();
    expect([newest('>'), gone.sort()]).toEqual([
      [4, 5, 7],
      [2, 6],
    ]);
  });

  it('looks subjects up in the stream, and knows the answer afterwards', async () => {
    await begin(4);
    const uncovered = memory.messages.uncovered(set('a', 'b', 'never'), 2);
    expect(uncovered.map(({ subject }) => subject.name)).toEqual(['s.a', 's.b', 's.never']);
    const found = await memory.lookUp(uncovered);
    expect(found.map(({ asked, last }) => [asked.subject.name, last?.sequence])).toEqual([
      ['s.a', 5],
      ['s.b', 2],
      ['s.never', undefined],
    ]);
    expect(memory.messages.uncovered(set('a', 'b', 'never'), 2)).toHaveLength(1);
    const lost = (topic: string): number =>
      memory.messages.lostOf(set(topic).all[0] as WantedSubject);
    expect([lost('b'), lost('never'), lost('a')]).toEqual([2, 0, 4]);
  });

  it('forgets everything with the stream', async () => {
    await begin(4);
    let answers = 0;
    stream.lastMessage = () => (answers++, new Promise(() => undefined));
    const asked = memory.messages.uncovered(set('b'), 2);
    void memory.lookUp(asked);
    memory.reset();
    expect([memory.messages.messages, memory.lastValues.messages, newest('>')]).toEqual([0, 0, []]);
    expect([memory.lastValues.isComplete, memory.heldTimeAt(5)]).toEqual([false, undefined]);
    // The lookup of the old stream is not shared.
    void memory.lookUp(asked);
    expect(answers).toBe(2);
    append(stream.held.at(-1) as never);
    expect(memory.messages.messages).toBe(1);
  });

  it('copies messages out of chunks of which it uses little', async () => {
    create({ window: { maxMessages: 100, maxBytes: 1e9 } });
    await begin(7);
    const chunk = new Uint8Array(65_536);
    const [message] = stream.held;
    for (const [sequence, data] of [
      [8, chunk.subarray(0, 10)],
      [9, new Uint8Array(10)],
    ] as const) {
      append({ ...(message as never as object), subject: 's.a', sequence, data } as never);
    }
    expect(memory.messages.at(8)?.message.data.buffer.byteLength).toBe(10);
  });
});
