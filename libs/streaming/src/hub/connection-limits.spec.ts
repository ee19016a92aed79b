import { ConnectionLimits } from './connection-limits.js';

const kindOf = (admit: () => unknown): unknown => {
  try {
    admit();
    return 'admitted';
  } catch (error) {
    return (error as { kind: unknown }).kind;
  }
};

describe('ConnectionLimits', () => {
  it('limits the total and each client, and releases each place once', () => {
    const limits = new ConnectionLimits({ maxConnections: 3, maxConnectionsPerClient: 2 });
    const leave = limits.admit(() => 'a');
    limits.admit(() => 'a');
    expect(kindOf(() => limits.admit(() => 'a'))).toBe('max_connections_per_client');
    limits.admit(() => 'b');
    expect(kindOf(() => limits.admit(() => 'c'))).toBe('max_connections');
    leave();
    leave();
    expect(limits.connections).toBe(2);
    expect(kindOf(() => limits.admit(() => 'a'))).toBe('admitted');
  });

  it('has no limit by default', () => {
    const limits = new ConnectionLimits({});
    for (let i = 0; i < 1000; i++) limits.admit(() => 'a');
    expect(limits.connections).toBe(1000);
  });
});

it("adds the client's streams in other processes, and reports those in this one", () => {
  const told: [string, number][] = [];
  const elsewhere = { of: () => 1, changed: (...change: [string, number]) => told.push(change) };
  const limits = new ConnectionLimits({ maxConnectionsPerClient: 2 }, elsewhere);
  const leave = limits.admit(() => 'ann');
  expect(kindOf(() => limits.admit(() => 'ann'))).toBe('max_connections_per_client');
  leave();
  leave();
  limits.admit(() => 'ann');
  expect(told).toEqual([
    ['ann', 1],
    ['ann', 0],
    ['ann', 1],
  ]);
});
