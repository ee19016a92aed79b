import { NatsConnectError, type NatsConnectionRole } from '@nuts/nats';
import { FailedAttempts } from './failed-attempts.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const attempts = new FailedAttempts();
const line = (error = 'refused', connection: NatsConnectionRole = 'main'): object | undefined =>
  attempts.line({
    type: 'attempt_failed',
    connection,
    error: new NatsConnectError('unreachable', error),
  });
const main = (error: string, repeated?: number): object => ({
  msg: 'connecting to NATS failed',
  error,
  ...(repeated !== undefined && { repeated }),
});

it('logs a new failure at once, repetitions every 30 s, and again after a connection', () => {
  expect(line()).toEqual(main('refused'));
  expect(line('no answer')).toEqual(main('no answer'));
  expect(line('refused', 'replay')).toMatchObject({ error: 'refused' });
  for (let i = 0; i < 20; i++) expect(line()).toBeUndefined();
  jest.advanceTimersByTime(29_999);
  expect(line()).toBeUndefined();
  jest.advanceTimersByTime(1);
  expect(line()).toEqual(main('refused', 21));
  expect(line()).toBeUndefined();
  attempts.connected('replay');
  expect(line()).toBeUndefined();
  attempts.connected('main');
  expect(line()).toEqual(main('refused'));
});

it('keeps a limited number of failures', () => {
  for (let i = 0; i < 1000; i++) expect(line(`reason ${i}`)).toBeDefined();
  expect(line('reason 999')).toBeUndefined();
  expect(line('reason 0')).toBeDefined();
});
