import { NoopMetrics } from './noop-metrics.service.js';
import type { HubMetrics, NutsMetrics } from './nuts-metrics.interface.js';
import { SafeMetrics } from './safe-metrics.js';

const METHODS = Object.keys(new NoopMetrics().hub()) as (keyof HubMetrics)[];

it('catches every error and logs the first of each kind', () => {
  const fail = (): never => {
    throw new Error('full');
  };
  const hub = Object.fromEntries(METHODS.map((method) => [method, fail])) as unknown as HubMetrics;
  const failing: NutsMetrics = {
    hub: () => hub,
    readinessFailed: fail,
    natsEvent: fail,
    natsError: fail,
  };
  const told: string[] = [];
  const metrics = new SafeMetrics(failing, (method) => told.push(method));
  for (let round = 0; round < 2; round++) {
    const calls = metrics.hub('/events') as unknown as Record<string, () => void>;
    for (const method of METHODS) calls[method]?.();
    metrics.readinessFailed('tail_stalled');
    metrics.natsEvent('closed');
    metrics.natsError('other');
  }
  expect(told).toEqual([...METHODS, 'readinessFailed', 'natsEvent', 'natsError']);
});

it('passes values on, with the object as `this`', () => {
  class Counted extends NoopMetrics {
    messages = 0;
    override hub(): HubMetrics {
      return {
        ...super.hub(),
        delivered: (messages) => void (this.messages += messages),
      };
    }
  }
  const counted = new Counted();
  const hub = new SafeMetrics(counted, () => undefined).hub('/events');
  hub.delivered(3);
  hub.delivered(4);
  expect(counted.messages).toBe(7);
});
