import { FleetClientCounts } from './fleet.client-counts.js';
import { MAX_COUNTS } from './state-message.js';

/** Another process that receives all messages of this one. */
function hear(teller: FleetClientCounts, hearer: FleetClientCounts, seq: number): void {
  hearer.peers.take({ type: 'changes', process: 'p', seq, counts: teller.takeChanges() });
}

it("reports a client's counts to other processes, per hub", () => {
  const [one, two] = [new FleetClientCounts(), new FleetClientCounts()];
  two.isConnected = true;
  one.changed('/a', 'subject ann', 2);
  one.changed('/b', 'subject ann', 1);
  hear(one, two, 1);
  expect([two.elsewhere('/a', 'subject ann'), two.elsewhere('/b', 'subject ann')]).toEqual([2, 1]);
  expect(two.elsewhere('/a', 'address ann')).toBe(0);
  one.changed('/a', 'subject ann', 0);
  hear(one, two, 2);
  expect(two.elsewhere('/a', 'subject ann')).toBe(0);
  two.isConnected = false;
  expect(two.elsewhere('/b', 'subject ann')).toBe(0);
});

it('requests one report for all changes until they are taken', () => {
  const counts = new FleetClientCounts();
  let calls = 0;
  counts.onChange = () => (calls += 1);
  counts.changed('/a', 'x', 1);
  counts.changed('/a', 'x', 2);
  counts.changed('/a', 'y', 1);
  expect(calls).toBe(1);
  expect(counts.takeChanges()).toEqual([expect.any(String), 2, expect.any(String), 1]);
  expect(counts.takeChanges()).toEqual([]);
  counts.changed('/a', 'x', 1);
  expect(calls).toBe(2);
});

it('splits changes and snapshots into messages', () => {
  const counts = new FleetClientCounts();
  expect(counts.portions()).toEqual([[]]);
  for (let i = 0; i < MAX_COUNTS + 1; i++) counts.changed('/a', `subject ${i}`, 1);
  expect(counts.takeChanges()).toHaveLength(MAX_COUNTS * 2);
  expect(counts.takeChanges()).toHaveLength(2);
  expect(counts.portions().map(({ length }) => length)).toEqual([MAX_COUNTS * 2, 2]);
});
