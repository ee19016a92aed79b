import type { NatsConnection } from 'nats';
import { RefusedOperations } from './refused-operations.js';

const connection = (flush: () => Promise<void>, text?: string, isClosed = false): NatsConnection =>
  ({
    flush,
    isClosed: () => isClosed,
    ...(text !== undefined && { protocol: { lastError: new Error(text) } }),
  }) as unknown as NatsConnection;

describe('RefusedOperations', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('reports errors that arrive together once, and later ones again', async () => {
    const reports: string[] = [];
    const refused = new RefusedOperations(
      connection(() => Promise.resolve(), 'too many'),
      (text) => reports.push(text),
    );
    expect(refused.isDeaf).toBe(false);
    refused.onError();
    refused.onError();
    await jest.advanceTimersByTimeAsync(100);
    expect(reports).toEqual(['too many: the server refused an operation']);
    expect(refused.isDeaf).toBe(true);
    refused.onError();
    await jest.advanceTimersByTimeAsync(100);
    expect(reports).toHaveLength(2);
  });

  it('is not deaf if a request was answered', async () => {
    const refused = new RefusedOperations(
      connection(() => Promise.resolve()),
      () => undefined,
    );
    refused.answered();
    refused.onError();
    await jest.advanceTimersByTimeAsync(100);
    expect(refused.isDeaf).toBe(false);
  });

  it('says nothing of an error that ended the connection', async () => {
    const reports: string[] = [];
    const refused = new RefusedOperations(
      connection(() => Promise.reject(new Error('closed'))),
      (text) => reports.push(text),
    );
    refused.onError();
    await jest.advanceTimersByTimeAsync(100);
    expect([reports, refused.isDeaf]).toEqual([[], false]);
  });

  it('writes nothing to a connection that the server has ended meanwhile', async () => {
    const flush = jest.fn(() => Promise.resolve());
    const refused = new RefusedOperations(connection(flush, 'stale', true), () => undefined);
    refused.onError();
    await jest.advanceTimersByTimeAsync(1000);
    expect(flush).not.toHaveBeenCalled();
  });
});
