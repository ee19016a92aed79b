import { NatsReadError, type NatsReadErrorKind } from '@nuts/nats';
import { TailLife } from './tail-life.js';

const failed = (kind: NatsReadErrorKind): NatsReadError => new NatsReadError(kind, kind);

describe('TailLife', () => {
  let life: TailLife;
  beforeEach(() => {
    jest.useFakeTimers();
    life = new TailLife(1000);
    life.attach();
  });
  afterEach(() => jest.useRealTimers());

  it('lives from the creation of its first consumer on, for two heartbeats', () => {
    expect([life.alive, life.hasBegun]).toEqual([false, false]);
    life.note();
    jest.advanceTimersByTime(2000);
    expect([life.alive, life.hasBegun]).toEqual([true, true]);
    jest.advanceTimersByTime(1);
    expect([life.alive, life.hasBegun]).toEqual([false, true]);
  });

  it('after a mute consumer, lives again only with the first message or heartbeat', () => {
    life.note();
    life.fail(failed('stalled'));
    for (let round = 2; round < 4; round++) {
      life.attach();
      life.note();
      expect(life.alive).toBe(false);
      life.fail(failed('stalled'));
      expect(life.failures).toBe(round);
    }
    life.attach();
    life.note();
    life.note();
    expect([life.alive, life.failures]).toEqual([true, 0]);
    life.fail(failed('consumer_lost'));
    life.attach();
    life.note();
    expect(life.alive).toBe(true);
  });

  it.each<[string, NatsReadErrorKind, number]>([
    ['stalled after a heartbeat', 'stalled', 2],
    ['was deleted at once', 'consumer_lost', 1],
    ['could not be created', 'stalled', 0],
  ])('lives with the next consumer if the last one %s', (_what, kind, signs) => {
    for (let i = 0; i < signs; i++) life.note();
    life.fail(failed(kind));
    expect([life.alive, life.hasBegun, life.failures]).toEqual([false, true, 1]);
    life.attach();
    life.note();
    expect([life.alive, life.failures]).toEqual([true, 0]);
  });
});
