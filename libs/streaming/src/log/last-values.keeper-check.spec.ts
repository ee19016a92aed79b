import { NatsReadError } from '@nuts/nats';
import { storedMessage } from '../frames/message.fixture.js';
import { StubLog } from './keeper.fixture.js';
import { LastValuesKeeper } from './last-values.keeper.js';
import { LastValues } from './last-values.js';
import { LogEntry } from './log-entry.js';
import { MemoryStream } from './memory-stream.fixture.js';

describe('comparing the last values with the stream', () => {
  let stream: MemoryStream;
  let log: StubLog;
  let values: LastValues;
  let gone: number[];
  let keeper: LastValuesKeeper;
  const create = (bounds = { maxMessages: 100, maxBytes: 1e6 }): void => {
    gone = [];
    values = new LastValues(bounds, (entries) =>
      gone.push(...entries.map(({ sequence }) => sequence)),
    );
    keeper = new LastValuesKeeper(stream, { stream: 'EVENTS', filter: 's.>' }, log, values);
  };
  const held = (): string[] =>
    [...values.entries()].map(({ sequence, subject }) => `${String(sequence)} ${subject}`);
  const pass = (ms = 0): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const begin = async (): Promise<void> => {
    keeper.begin();
    await pass();
  };

  beforeEach(async () => {
    jest.useFakeTimers();
    stream = new MemoryStream();
    for (const one of ['s.a', 's.b', 'other', 's.a', 's.c', 's.d']) stream.store(one, `of ${one}`);
    log = new StubLog(stream);
    log.read(4);
    create();
    await begin();
  });
  afterEach(() => {
    expect([stream.open, log.gone$.observed]).toEqual([0, false]);
    jest.useRealTimers();
  });

  it('changes nothing where they are the same', async () => {
    const openPull = jest.spyOn(stream, 'openPull');
    await keeper.check();
    expect([held(), gone, values.uncertainSubjects.size]).toEqual([['2 s.b', '4 s.a'], [], 0]);
    expect(openPull.mock.calls[0]?.[0]).toMatchObject({ headersOnly: true, filters: ['s.>'] });
    expect([stream.opened, log.verified]).toEqual([2, 0]);
  });

  it('drops what was deleted, and looks for what it hid', async () => {
    stream.remove(({ sequence }) => sequence === 2 || sequence === 4);
    await keeper.check();
    expect([held(), gone]).toEqual([[], [2, 4]]);
    expect([...values.uncertainSubjects]).toEqual(['s.a']);
    keeper.tend();
    await pass();
    expect([held(), values.uncertainSubjects.size]).toEqual([['1 s.a'], 0]);
  });

  it('finds what it did not know', async () => {
    values.drop([...values.entries()].slice(0, 1));
    await keeper.check();
    expect([...values.uncertainSubjects]).toEqual(['s.b']);
  });

  it('keeps what is newer than the end of the stream that was read', async () => {
    const message = storedMessage('x', { subject: 's.z', sequence: 9 });
    values.put(new LogEntry(message));
    await keeper.check();
    expect(gone).toEqual([]);
  });

  it('verifies a stream that has another message at the same sequence', async () => {
    const rewritten = stream.held.find(({ sequence }) => sequence === 2);
    Object.assign(rewritten as object, { timeNanos: 7n });
    create();
    await begin();
    Object.assign(rewritten as object, { timeNanos: 8n });
    await keeper.check();
    expect(log.verified).toBe(1);
    expect(gone).toEqual([]);
  });

  it('reads nothing where they are empty or incomplete', async () => {
    const { opened } = stream;
    values.superseded('s.a');
    values.superseded('s.b');
    await keeper.check();
    values.restart();
    await keeper.check();
    expect(stream.opened).toBe(opened);
  });

  it('waits for a read that is under way, and rejects where the stream cannot be read', async () => {
    values.markUncertain('s.b');
    keeper.tend();
    const checking = keeper.check();
    expect(stream.opened).toBe(2);
    await pass();
    await checking;
    expect(stream.opened).toBe(3);
    stream.refuseConsumers = new NatsReadError('refused', 'not allowed');
    await expect(keeper.check()).rejects.toBe(stream.refuseConsumers);
  });

  it('says nothing about another stream', async () => {
    stream.remove(({ sequence }) => sequence === 2);
    log.freshFacts = () => {
      log.read(4);
      return stream.streamFacts('EVENTS');
    };
    await keeper.check();
    expect([held(), gone]).toEqual([['2 s.b', '4 s.a'], []]);
  });
});
