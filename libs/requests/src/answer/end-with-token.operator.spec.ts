import { NEVER, type Observable, of, throwError } from 'rxjs';
import { RequestFailure } from '../replies/request-failure.js';
import { endWithToken } from './end-with-token.operator.js';

beforeEach(() => void jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

function watch(source$: Observable<unknown>): string[] {
  const seen: string[] = [];
  source$.subscribe({
    next: (value) => seen.push(String(value)),
    error: (error: unknown) =>
      seen.push(error instanceof RequestFailure ? `${error.kind} ${error.code}` : String(error)),
    complete: () => seen.push('complete'),
  });
  return seen;
}

it('ends when the token expires', () => {
  const seen = watch(NEVER.pipe(endWithToken({ expiresAtMs: 1_002_500 })));
  jest.advanceTimersByTime(2499);
  expect(seen).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(seen).toEqual(['token_expired 401']);
  expect(jest.getTimerCount()).toBe(0);
});

it('ends within a second after the key was withdrawn', () => {
  let revoked = false;
  const seen = watch(NEVER.pipe(endWithToken({ isRevoked: () => revoked })));
  jest.advanceTimersByTime(5000);
  revoked = true;
  jest.advanceTimersByTime(1000);
  expect(seen).toEqual(['token_revoked 401']);
});

it('supports an end beyond the longest timer', () => {
  const seen = watch(NEVER.pipe(endWithToken({ expiresAtMs: 8.64e15 })));
  jest.advanceTimersByTime(10_000);
  expect(seen).toEqual([]);
});

it('clears its timer when the replies have ended, and has none if nothing can end', () => {
  const token = { expiresAtMs: 2_000_000 };
  expect(watch(of(1).pipe(endWithToken(token)))).toEqual(['1', 'complete']);
  expect(watch(throwError(() => 'failed').pipe(endWithToken(token)))).toEqual(['failed']);
  watch(NEVER.pipe(endWithToken({})));
  watch(NEVER.pipe(endWithToken(undefined)));
  expect(jest.getTimerCount()).toBe(0);
});
