import { until } from '../../../../test/support/until.js';
import { ExternalStore, type StoreSource } from './external-store.js';
import { FrameBatch } from './frame-batch.js';

/** Counts how often it is opened and closed. */
class Counter implements StoreSource<number> {
  opened = 0;
  closed = 0;
  value = 0;
  changed: () => void = () => undefined;

  open(changed: () => void): () => void {
    this.opened += 1;
    this.changed = changed;
    return () => void (this.closed += 1);
  }

  read(): number {
    return this.value;
  }

  set(value: number): void {
    this.value = value;
    this.changed();
  }
}

const tick = (): Promise<void> => Promise.resolve();

describe('ExternalStore', () => {
  let source: Counter;
  let store: ExternalStore<number>;
  beforeEach(() => {
    source = new Counter();
    store = new ExternalStore(source, new FrameBatch());
  });

  it('opens once if a listener is removed and added again immediately, as in StrictMode', async () => {
    const listener = jest.fn();
    store.subscribe(listener)();
    const leave = store.subscribe(listener);
    await tick();
    expect([source.opened, source.closed]).toEqual([1, 0]);
    leave();
    await tick();
    expect([source.opened, source.closed]).toEqual([1, 1]);
  });

  it('does not open for a listener that is removed in the same tick', async () => {
    store.subscribe(jest.fn())();
    await tick();
    expect(source.opened).toBe(0);
  });

  it('has one snapshot per frame and notifies its listeners once', async () => {
    const listener = jest.fn();
    store.subscribe(listener);
    await tick();
    for (let value = 1; value <= 1_000; value += 1) source.set(value);
    expect(store.read()).toBe(0);
    await until(() => store.read() === 1_000);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('does not notify about unchanged values, or after the last listener was removed', async () => {
    const listener = jest.fn();
    const leave = store.subscribe(listener);
    await tick();
    source.set(0);
    const other = jest.fn();
    const frames = new FrameBatch();
    frames.add(other);
    await until(() => other.mock.calls.length > 0);
    source.set(1);
    leave();
    await tick();
    frames.add(other);
    await until(() => other.mock.calls.length > 1);
    expect(listener).not.toHaveBeenCalled();
    expect(store.read()).toBe(0);
  });
});
