import { ReplaySlots } from './replay-slots.js';

describe('ReplaySlots', () => {
  const never = new AbortController().signal;

  it('grants slots in order of arrival, and reports those in use', async () => {
    const held: number[] = [];
    const slots = new ReplaySlots(
      () => 1,
      (count) => held.push(count),
    );
    const first = await slots.acquire(never);
    const order: string[] = [];
    const second = slots.acquire(never).then((lease) => (order.push('second'), lease));
    const third = slots.acquire(never).then((lease) => (order.push('third'), lease));
    expect(slots.waiting).toBe(2);
    first?.release();
    first?.release();
    (await second)?.release();
    (await third)?.release();
    expect(order).toEqual(['second', 'third']);
    expect(held.at(-1)).toBe(0);
    expect(Math.max(...held)).toBe(1);
  });

  it('lets no request pass those that wait', async () => {
    let limit = 1;
    const slots = new ReplaySlots(() => limit);
    await slots.acquire(never);
    void slots.acquire(never);
    limit = 5;
    expect(slots.tryAcquire()).toBeUndefined();
  });

  it('grants as many slots as a raised limit allows', async () => {
    let limit = 1;
    const slots = new ReplaySlots(() => limit);
    const first = await slots.acquire(never);
    const waiting = [slots.acquire(never), slots.acquire(never)];
    limit = 2;
    first?.release();
    expect(await Promise.all(waiting)).toHaveLength(2);
    expect(slots.waiting).toBe(0);
  });

  it('removes requests that stopped waiting', async () => {
    const slots = new ReplaySlots(() => 1);
    const first = await slots.acquire(never);
    const gone = new AbortController();
    const waiting = slots.acquire(gone.signal);
    gone.abort();
    expect(await waiting).toBeUndefined();
    expect(slots.waiting).toBe(0);
    first?.release();
    expect(slots.tryAcquire()).toBeDefined();
  });

  it('notifies holders that a request is waiting', async () => {
    const slots = new ReplaySlots(() => 1);
    await slots.acquire(never);
    let told = 0;
    const forget = slots.onContended(() => told++);
    void slots.acquire(never);
    forget();
    void slots.acquire(never);
    expect(told).toBe(1);
  });
});
