import type { NatsStatus } from '@nuts/nats';
import { ReaderRecovery } from './reader-recovery.js';

class Log {
  canServe = false;
  hurried = 0;
  readonly client: { status: NatsStatus } = { status: 'connected' };
  shortenPause(): void {
    this.hurried++;
  }
}

describe('ReaderRecovery', () => {
  let log: Log;
  let recovery: ReaderRecovery;
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
    log = new Log();
    recovery = new ReaderRecovery(log);
  });
  afterEach(() => jest.useRealTimers());

  const never = new AbortController().signal;

  it('waits for the reader with one timer for all clients, and hastens its retry', async () => {
    const waits = Array.from({ length: 2000 }, () => recovery.wait(never));
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(500);
    expect(jest.getTimerCount()).toBe(1);
    expect(log.hurried).toBeGreaterThan(0);
    log.canServe = true;
    await jest.advanceTimersByTimeAsync(100);
    await Promise.all(waits);
    expect(recovery.waiting).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives the transient answer after a second', async () => {
    const refused = expect(recovery.wait(never)).rejects.toMatchObject({
      kind: 'jetstream_unavailable',
      retryable: true,
    });
    await jest.advanceTimersByTimeAsync(980);
    expect(recovery.waiting).toBe(1);
    await jest.advanceTimersByTimeAsync(60);
    await refused;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives it at once while NATS is disconnected, or when NATS disconnects meanwhile', async () => {
    const waiting = expect(recovery.wait(never)).rejects.toThrow();
    log.client.status = 'disconnected';
    await expect(recovery.wait(never)).rejects.toThrow();
    await jest.advanceTimersByTimeAsync(40);
    await waiting;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('keeps nothing of a client that disconnects', async () => {
    const clients = Array.from({ length: 50 }, () => new AbortController());
    const removed = clients.map(({ signal }) => jest.spyOn(signal, 'removeEventListener'));
    const waits = clients.map(({ signal }) => recovery.wait(signal));
    const refused = Promise.allSettled(waits);
    for (const client of clients) client.abort();
    expect(recovery.waiting).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
    expect(removed.every((spy) => spy.mock.calls.length === 1)).toBe(true);
    for (const answer of await refused) {
      expect(answer).toMatchObject({ reason: { reason: 'client_context_done' } });
    }
  });
});
