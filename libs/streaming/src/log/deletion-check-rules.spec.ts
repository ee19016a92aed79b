import { NatsReadError, type StreamFacts } from '@nuts/nats';
import { DeletionCheck } from './deletion-check.js';
import { LogEntry } from './log-entry.js';
import { MemoryStream } from './memory-stream.fixture.js';
import { MessageWindow } from './message-window.js';
import { Retention } from './retention.js';
import { SubjectSet, type WantedSubject } from './subject-set.js';

describe('when and what a check for deleted messages reads', () => {
  let stream: MemoryStream;
  let window: MessageWindow;
  let retention: Retention;
  let check: DeletionCheck;
  let told: string[];
  let valuesFailure: Error | undefined;

  const facts = (changes: Partial<StreamFacts> = {}): Promise<StreamFacts> =>
    stream.streamFacts('EVENTS').then((read) => ({ ...read, ...changes }));
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  /** Stream info arrives; returns the number of checks so far. */
  const notice = async (changes: Partial<StreamFacts> = {}): Promise<number> => {
    check.notice(await facts(changes));
    await pass(0);
    return told.filter((one) => one === 'check').length;
  };
  const remove = (...sequences: number[]): void =>
    stream.remove(({ sequence }) => sequences.includes(sequence));
  const held = (): number[] => window.through(Infinity).map(({ sequence }) => sequence);
  const lostOf = (subject: string): number =>
    window.lostOf(new SubjectSet('', [subject]).all[0] as WantedSubject);
  /** A window of everything after this sequence. */
  const read = (floor: number): void => {
    window = new MessageWindow({ maxMessages: 100, maxBytes: 1e9 }, floor);
    retention.begin(window);
    for (const message of stream.held) {
      if (message.sequence > floor) window.append(new LogEntry(message));
    }
  };

  beforeEach(async () => {
    jest.useFakeTimers();
    stream = new MemoryStream();
    for (let i = 1; i <= 12; i++) stream.store(i % 4 === 0 ? 'b' : 'a');
    [told, valuesFailure] = [[], undefined];
    retention = new Retention();
    read(2);
    check = new DeletionCheck(
      stream,
      { stream: 'EVENTS', filter: '>' },
      {
        currentWindow: () => window,
        isOurs: (subject) => subject !== 'foreign',
        verifyStream: () => told.push('verify'),
      },
      retention,
      {
        markUncertain: (subject) => told.push(`uncertain ${subject}`),
        check: () => {
          told.push('check');
          return valuesFailure === undefined ? Promise.resolve() : Promise.reject(valuesFailure);
        },
        restart: () => told.push('restart'),
      },
    );
    check.begin(await facts());
  });
  afterEach(() => {
    expect([stream.open, retention.gone$.observed]).toEqual([0, false]);
    jest.useRealTimers();
  });

  it('reads after a deletion, and not again before the next one', async () => {
    expect(await notice()).toBe(0);
    remove(7);
    expect([await notice(), held().includes(7)]).toEqual([1, false]);
    await pass(5000);
    expect(await notice()).toBe(1);
    remove(9);
    expect([await notice(), held().includes(9)]).toEqual([2, false]);
  });

  it('reads at most every 1.5 seconds, and catches up', async () => {
    remove(7);
    await notice();
    remove(8);
    await pass(1499);
    expect([await notice(), held().includes(8)]).toEqual([1, true]);
    await pass(1);
    expect([await notice(), held().includes(8)]).toEqual([2, false]);
  });

  it('reads nothing where only the front was removed, and then compares with that', async () => {
    remove(1, 2, 3);
    expect(await notice()).toBe(0);
    expect([stream.opened, held()[0]]).toEqual([0, 3]);
    remove(7);
    expect(await notice()).toBe(1);
    // Everything was purged: nothing can have been deleted in between.
    stream.remove(() => true);
    await pass(2000);
    expect(await notice()).toBe(1);
  });

  it('reads once more where another replica may have answered', async () => {
    remove(7);
    expect(await notice({ replicas: 3 })).toBe(1);
    await pass(2000);
    expect(await notice({ replicas: 3 })).toBe(2);
    await pass(2000);
    expect(await notice({ replicas: 3 })).toBe(2);
    remove(8);
    expect(await notice({ replicas: 3 })).toBe(3);
    await pass(2000);
    // Without holes there is nothing to compare.
    remove(1, 2, 3, 4, 5, 6);
    expect([await notice({ replicas: 3 }), await notice({ replicas: 3 })]).toEqual([3, 3]);
  });

  it('does not run twice at once, and a new stream starts afresh', async () => {
    const openPull = stream.openPull.bind(stream);
    const answers: (() => void)[] = [];
    stream.openPull = async (options) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return openPull(options);
    };
    remove(7);
    await notice();
    await pass(5000);
    await notice();
    expect(answers).toHaveLength(1);
    answers[0]?.();
    await pass(0);
    remove(8);
    await notice();
    expect(answers).toHaveLength(2);
    answers[1]?.();
    await pass(0);
    check.begin(await facts({ messages: 12 }));
    // Not delayed by the last check of the old stream.
    await notice();
    expect(answers).toHaveLength(3);
    answers[2]?.();
    await pass(0);
  });

  it('says that messages are missing which the stream holds', async () => {
    window.remove(window.at(6) as LogEntry);
    window.remove(window.at(8) as LogEntry);
    remove(7);
    await notice();
    expect(told).toEqual(['uncertain a', 'uncertain b', 'check']);
    expect([held(), lostOf('a'), lostOf('b')]).toEqual([[3, 4, 5, 9, 10, 11, 12], 6, 8]);
  });

  it('says nothing of what was evicted, left during the read, or belongs to others', async () => {
    for (const sequence of [3, 4]) window.forget(window.at(sequence) as LogEntry);
    stream.store('foreign');
    stream.store('a');
    window.append(new LogEntry(stream.held.at(-1) as never));
    remove(9);
    const openPull = stream.openPull.bind(stream);
    stream.openPull = (options) => {
      retention.remove([window.at(6) as LogEntry]);
      return openPull(options);
    };
    await notice();
    expect([told, held()]).toEqual([['check'], [5, 7, 8, 10, 11, 12, 14]]);
  });

  it('says nothing of what was evicted during the read, or of another window', async () => {
    const announced: unknown[] = [];
    retention.gone$.subscribe((entries) => announced.push(entries));
    const openPull = stream.openPull.bind(stream);
    stream.openPull = (options) => {
      for (const sequence of [3, 4]) window.forget(window.at(sequence) as LogEntry);
      return openPull(options);
    };
    remove(12);
    await notice();
    expect([told, held()]).toEqual([['check'], [5, 6, 7, 8, 9, 10, 11]]);
    expect(announced).toHaveLength(1);
    stream.openPull = (options) => {
      read(4);
      return openPull(options);
    };
    remove(7);
    window.forget(window.at(5) as LogEntry);
    await pass(2000);
    await notice();
    expect(announced).toHaveLength(1);
    retention.gone$.complete();
  });

  it('knows the holes that were there before', async () => {
    remove(7);
    check.begin(await facts());
    expect(await notice()).toBe(0);
  });

  it('removes nothing where the stream has another message at a sequence', async () => {
    remove(7);
    const [entry] = stream.held.filter(({ sequence }) => sequence === 9);
    const rewritten = { ...(entry as object), timeNanos: 5n };
    stream.openPull = ((openPull) => async (options) => {
      const reader = await openPull(options);
      const pull: typeof reader.pull = async (batch, maxBytes) => {
        const pulled = await reader.pull(batch, maxBytes);
        const messages = pulled.messages.map((one) => (one === entry ? rewritten : one));
        return { ...pulled, messages: messages as typeof pulled.messages };
      };
      return { ...reader, pull };
    })(stream.openPull.bind(stream));
    await notice();
    expect([told, held().includes(7)]).toEqual([['verify', 'check'], true]);
  });

  it('compares only the last values where the window is empty', async () => {
    window.forgetAll(12);
    remove(7);
    expect([await notice(), stream.opened]).toEqual([1, 0]);
  });

  it('forgets everything 3.5 seconds after the first of several failures', async () => {
    stream.refuseConsumers = new NatsReadError('refused', 'not allowed');
    remove(7);
    await notice();
    await pass(1500);
    await notice();
    await pass(1999);
    expect([held().length, told]).toEqual([10, []]);
    await pass(1);
    await notice();
    expect([held(), told, lostOf('never')]).toEqual([[], ['restart'], 12]);
  });

  it('trusts memory while NATS is away, and after a success', async () => {
    stream.refuseConsumers = new NatsReadError('refused', 'not allowed');
    remove(7);
    await notice();
    await pass(4000);
    stream.status$.next('disconnected');
    await notice();
    expect(told).toEqual([]);
    stream.status$.next('connected');
    stream.refuseConsumers = undefined;
    await pass(2000);
    await notice();
    expect(told).toEqual(['check']);
    stream.refuseConsumers = new NatsReadError('refused', 'not allowed');
    remove(8);
    await pass(2000);
    await notice();
    expect(told).toEqual(['check']);
    // Last values that cannot be compared are no success.
    stream.refuseConsumers = undefined;
    valuesFailure = new Error('not allowed');
    for (let i = 0; i < 3; i++) {
      await pass(2000);
      await notice();
    }
    expect(told.slice(-1)).toEqual(['restart']);
  });
});
