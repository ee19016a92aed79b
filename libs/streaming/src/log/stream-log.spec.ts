import { NatsReadError, type StoredMessage } from '@nuts/nats';
import { NEVER } from 'rxjs';
import { settle } from '../session/feed.fixture.js';
import { MemoryStream } from './memory-stream.fixture.js';
import { StreamLog } from './stream-log.js';

/** A stream that is written to all the time: each answer is older than what the tail gets next. */
class BusyStream extends MemoryStream {
  private stored = 0;

  override store(subject: string): number {
    return (this.stored = super.store(subject));
  }

  override lastMessage(): Promise<StoredMessage | undefined> {
    const next = { subject: 'a', sequence: this.stored + 1, timeNanos: 1n };
    setImmediate(() => this.store('a'));
    return Promise.resolve(next);
  }
}

describe('the log of a stream', () => {
  let log: StreamLog;
  const start = (stream: MemoryStream, topicPrefix = ''): void => {
    log = new StreamLog(stream, {
      stream: 'EVENTS',
      topicPrefix,
      window: { maxMessages: 100, maxBytes: 1e6 },
      idleHeartbeatMs: 10_000,
    });
    log.start();
  };
  afterEach(() => {
    log.stop();
    jest.useRealTimers();
  });

  it('is ready under traffic: the tail has delivered what was the last when it began', async () => {
    const stream = new BusyStream();
    for (let i = 0; i < 300; i++) stream.store('a');
    start(stream);
    await settle();
    await settle();
    expect(log.canServe).toBe(true);
    expect(log.position.sequence).toBeGreaterThan(300);
  });

  it('knows the time of its position where everything was purged before it began', async () => {
    const stream = new MemoryStream();
    stream.store('a');
    const facts = await stream.streamFacts('EVENTS');
    stream.remove(() => true);
    stream.streamFacts = () => Promise.resolve({ ...facts, firstSequence: 2 });
    start(stream);
    await settle();
    expect(log.canServe).toBe(true);
    expect(log.position).toEqual({ sequence: 1, timeNanos: facts.lastTimeNanos });
  });

  it('is not ready before the tail has that message', async () => {
    const stream = new MemoryStream();
    stream.lastMessage = () => Promise.resolve({ subject: 'a', sequence: 2, timeNanos: 1n });
    stream.store('a');
    start(stream);
    await settle();
    expect(log.canServe).toBe(false);
    stream.store('a');
    await settle();
    expect(log.canServe).toBe(true);
  });

  it.each([
    ['stream_recreated', 'later'],
    ['stream_rewound', undefined],
  ])(
    'begins anew with a stream that was replaced before its consumer was made (%s)',
    async (reason, created) => {
      jest.useFakeTimers();
      const stream = new MemoryStream();
      const resets: string[] = [];
      for (let i = 0; i < 5; i++) stream.store('a');
      start(stream);
      log.reset$.subscribe((why) => resets.push(why));
      await jest.advanceTimersByTimeAsync(0);
      // Its consumer lives, and waits for a sequence beyond the end of another stream.
      stream.loseTail = () => undefined;
      stream.rewind(3);
      stream.created = created ?? stream.created;
      await jest.advanceTimersByTimeAsync(5000);
      expect(resets).toEqual([reason]);
      expect(log.canServe).toBe(true);
      expect(log.position.sequence).toBe(3);
    },
  );

  it('is starting, and not stalled, until the tail was first heard of', async () => {
    const stream = new MemoryStream();
    let hear: (() => void) | undefined;
    stream.follow = ({ onAlive }) => {
      hear = onAlive;
      return NEVER;
    };
    start(stream);
    await settle();
    expect([log.currentTrouble, log.canServe]).toEqual(['starting', false]);
    hear?.();
    expect([log.currentTrouble, log.canServe]).toEqual([undefined, true]);
  });

  it('never goes back: a message that was deleted on its way does not come after its position', async () => {
    const stream = new MemoryStream();
    const facts = await stream.streamFacts('EVENTS');
    stream.streamFacts = () => Promise.resolve({ ...facts, lastSequence: 5 });
    start(stream);
    await settle();
    expect(log.position.sequence).toBe(5);
    for (let i = 0; i < 7; i++) stream.store('a');
    await settle();
    expect([log.position.sequence, log.messages.messages]).toEqual([7, 2]);
  });

  it.each([
    ['WorkQueue', { retention: 'workqueue' as const }],
    ['2^53', { firstSequence: 2 ** 60, lastSequence: 2 ** 60 - 1 }],
  ])('never reads a stream that it cannot serve (%s)', async (why, changes) => {
    const stream = new MemoryStream();
    const facts = await stream.streamFacts('EVENTS');
    stream.streamFacts = () => Promise.resolve({ ...facts, ...changes });
    const follow = jest.spyOn(stream, 'follow');
    jest.useFakeTimers();
    const said: string[] = [];
    start(stream);
    log.unusable$.subscribe(({ message }) => said.push(message));
    await jest.advanceTimersByTimeAsync(3000);
    jest.useRealTimers();
    expect(said.length).toBeGreaterThan(1);
    for (const sentence of said) expect(sentence).toContain(why);
    expect(follow).not.toHaveBeenCalled();
    expect(log.canServe).toBe(false);
  });

  it('is not ready while a stream that was made again cannot be served, and heals with it', async () => {
    jest.useFakeTimers();
    const stream = new MemoryStream();
    stream.store('a');
    start(stream);
    const ended: string[] = [];
    log.unusable$.subscribe(({ message }) => ended.push(message));
    const told: string[] = [];
    log.lost$.subscribe(({ message }) => told.push(message));
    await jest.advanceTimersByTimeAsync(0);
    stream.limits = { retention: 'workqueue' };
    stream.recreate();
    await jest.advanceTimersByTimeAsync(5000);
    expect([log.currentTrouble, log.canServe, ended]).toEqual(['stream_info_error', false, []]);
    expect(told.join(' ')).toContain('WorkQueue');
    stream.limits = {};
    stream.recreate();
    await jest.advanceTimersByTimeAsync(5000);
    expect([log.currentTrouble, log.canServe]).toEqual([undefined, true]);
  });

  it.each(['>', '*.*.*', '_INBOX.>'])(
    'refuses a stream over its own inbox (%s)',
    async (subject) => {
      jest.useFakeTimers();
      const stream = Object.assign(new MemoryStream(), { inboxPrefix: '_INBOX' });
      stream.subjects = ['events.>', subject];
      start(stream);
      const said: string[] = [];
      log.unusable$.subscribe(({ message }) => said.push(message));
      await jest.advanceTimersByTimeAsync(3000);
      expect(said[0]).toContain('narrower subjects');
      expect(log.canServe).toBe(false);
    },
  );

  it('calls a stream that is gone missing, and not stalled', async () => {
    const stream = new MemoryStream();
    start(stream);
    await settle();
    const gone = new NatsReadError('stream_not_found', 'gone');
    stream.streamFacts = () => Promise.reject(gone);
    stream.loseTail();
    await settle();
    expect(log.currentTrouble).toBe('stream_info_error');
  });

  it('is rewound when the stream ends below what was proven, however old the last message is', async () => {
    const stream = new MemoryStream();
    stream.store('events.a');
    for (let i = 0; i < 9; i++) stream.store('other');
    start(stream, 'events.');
    await settle();
    const resets: string[] = [];
    log.reset$.subscribe((reason) => resets.push(reason));
    jest.useFakeTimers();
    stream.rewind(4);
    await jest.advanceTimersByTimeAsync(6000);
    jest.useRealTimers();
    stream.store('events.a');
    expect(resets).toEqual(['stream_rewound']);
    expect(log.messages.at(5)).toBeDefined();
  });

  it('moves over what other subjects stored', async () => {
    const stream = new MemoryStream();
    stream.store('events.a');
    for (let i = 0; i < 5; i++) stream.store('other');
    start(stream, 'events.');
    await settle();
    expect(log.position.sequence).toBe(6);
  });
});
