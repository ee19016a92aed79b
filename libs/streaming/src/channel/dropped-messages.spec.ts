import type { DroppedMessage } from '../hub/drop-report.js';
import { DroppedMessages } from './dropped-messages.js';

const dropped = (sequence: number): DroppedMessage => ({
  reason: 'raw_payload',
  sequence,
  topic: 'a',
  size: 1,
});

describe('DroppedMessages', () => {
  let drops: DroppedMessages;
  let told: number[];
  let end: () => void;
  beforeEach(() => {
    drops = new DroppedMessages();
    told = [];
    end = drops.listen(({ sequence }) => told.push(sequence));
  });

  it('tells each message once to each listener', () => {
    const other: number[] = [];
    drops.listen(({ sequence }) => other.push(sequence));
    for (const sequence of [1, 1, 2, 1]) drops.count(dropped(sequence));
    expect([told, other]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    end();
    drops.count(dropped(3));
    expect([told, other]).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
  });

  it('knows the last 8192', () => {
    for (let sequence = 1; sequence <= 8192; sequence += 1) drops.count(dropped(sequence));
    drops.count(dropped(1));
    expect(told).toHaveLength(8192);
    drops.count(dropped(8193));
    drops.count(dropped(2));
    expect(told).toHaveLength(8193);
    drops.count(dropped(1));
    expect(told.at(-1)).toBe(1);
  });

  it('tells the sequences of another stream again', () => {
    drops.count(dropped(1));
    drops.clear();
    drops.count(dropped(1));
    expect(told).toEqual([1, 1]);
  });
});
