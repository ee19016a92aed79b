import { joinProbes, type WorkerProbe } from './join-probes.js';

const ok = (worker: number): WorkerProbe => ({
  worker,
  isServing: true,
  answer: { status: 200, body: { status: 'ok', nats: 'connected' } },
});
const unready: WorkerProbe = {
  worker: 2,
  isServing: true,
  answer: { status: 503, body: { status: 'degraded', nats: 'disconnected' } },
};
const silent: WorkerProbe = { worker: 2, isServing: true, answer: undefined };
const starting: WorkerProbe = { worker: 2, isServing: false, answer: undefined };

it('is ready if each worker is, with the body of one of them', () => {
  expect(joinProbes('ready', [ok(1), ok(2)])).toEqual(ok(1).answer);
});

it('names the worker that is not ready', () => {
  expect(joinProbes('ready', [ok(1), unready])).toEqual({
    status: 503,
    body: { status: 'degraded', nats: 'disconnected', worker: 2 },
  });
});

it.each([
  [silent, 'worker_silent'],
  [starting, 'starting'],
])('is unready while one does not answer: %j', (probe, cause) => {
  expect(joinProbes('ready', [ok(1), probe])).toEqual({
    status: 503,
    body: { status: 'degraded', nats: 'connected', cause, worker: 2 },
  });
});

it('is alive while one is being replaced, but not if one that serves does not answer', () => {
  expect(joinProbes('live', [ok(1), starting]).status).toBe(200);
  expect(joinProbes('live', [ok(1), silent]).status).toBe(503);
  expect(joinProbes('live', [starting]).status).toBe(503);
});
