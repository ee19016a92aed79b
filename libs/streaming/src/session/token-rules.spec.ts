import * as fc from 'fast-check';
import { SessionEnds } from './session-ends.js';
import { connectedRetry, expiringAt, tokenRules } from './token-rules.js';

describe('expiringAt', () => {
  it('is 30 s before the end, or a tenth of the remaining life', () => {
    expect(expiringAt(1_000_000, 0)).toBe(970_000);
    expect(expiringAt(300_000, 0)).toBe(270_000);
    expect(expiringAt(100_000, 0)).toBe(90_000);
    expect(expiringAt(10_000, 6_000)).toBe(9_600);
  });

  it('is between now and the end', () => {
    const ms = fc.integer({ min: 0, max: 8.64e15 });
    fc.assert(
      fc.property(ms, ms, (a, b) => {
        const [now, end] = a < b ? [a, b] : [b, a];
        const at = expiringAt(end, now);
        return at >= now && at <= end;
      }),
    );
  });
});

describe('tokenRules', () => {
  it('announce the end in RFC 3339, without an id', () => {
    const end = Date.UTC(2026, 0, 1, 12);
    const rules = tokenRules(
      { filters: [], expiresAtMs: end },
      new SessionEnds(5000),
      end - 600_000,
    );
    expect(rules.expiringAtMs).toBe(end - 30_000);
    expect(rules.expiring().bytes.toString()).toBe(
      'event: expiring\ndata: {"expires":"2026-01-01T12:00:00.000Z"}\n\n',
    );
  });

  it('are empty without a token', () => {
    const rules = tokenRules(undefined, new SessionEnds(5000), 0);
    expect([rules.expiringAtMs, rules.expiresAtMs, rules.isRevoked]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('SessionEnds', () => {
  const retryOf = ({ bytes }: { bytes?: Buffer }): number =>
    Number(/^retry: (\d+)$/m.exec(String(bytes))?.[1]);

  it('make a single client reconnect within a second, and all clients at the usual delay', () => {
    const ends = new SessionEnds(60_000);
    for (let i = 0; i < 200; i++) {
      for (const end of [
        ends.tokenExpired(),
        ends.keyWithdrawn(),
        ends.ageReached(),
        ends.closed(),
      ]) {
        expect(retryOf(end)).toBeGreaterThanOrEqual(100);
        expect(retryOf(end)).toBeLessThanOrEqual(1000);
      }
      expect(retryOf(ends.shutdown())).toBeGreaterThanOrEqual(30_000);
      expect(retryOf(ends.reset('stream_recreated'))).toBeGreaterThanOrEqual(30_000);
    }
  });
});

describe('connectedRetry', () => {
  const options = { transientRetryMs: 4000 };
  const subscriber = { filters: ['>'] };

  it('is sse_retry if that is set', () => {
    expect(connectedRetry({ ...options, sseRetryMs: 7 }, undefined)).toBe(7);
    expect(connectedRetry({ ...options, sseRetryMs: 7, access: {} }, subscriber)).toBe(7);
  });

  it('resets a short delay if streams may end with one', () => {
    const cases = [
      connectedRetry({ ...options, access: {} }, undefined),
      connectedRetry({ ...options, maxConnectionAgeMs: 1 }, undefined),
      connectedRetry(options, subscriber),
    ];
    for (const retry of cases) {
      expect(retry).toBeGreaterThanOrEqual(2000);
      expect(retry).toBeLessThanOrEqual(6000);
    }
  });

  it('is absent if no stream ends on its own', () => {
    expect(connectedRetry(options, undefined)).toBeUndefined();
  });
});
