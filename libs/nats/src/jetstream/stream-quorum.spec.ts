import { requireQuorum } from './stream-quorum.js';

const SECOND = 1e9;
const replicas = (...active: (number | undefined)[]): { active?: number }[] =>
  active.map((nanos) => (nanos === undefined ? {} : { active: nanos }));

describe('requireQuorum', () => {
  it.each([
    ['a server without a cluster', undefined],
    ['a stream without replicas', {}],
    ['a stream whose replicas are listed as null', { replicas: null }],
    ['both others heard from', { replicas: replicas(0.3 * SECOND, SECOND) }],
    ['one of two heard from', { replicas: replicas(SECOND, 60 * SECOND) }],
    ['two of four heard from', { replicas: replicas(1, 1, 60 * SECOND, 60 * SECOND) }],
    ['members without a figure', { replicas: replicas(undefined, undefined) }],
  ])('accepts %s', (_what, group) => {
    expect(() => requireQuorum('INFO', group)).not.toThrow();
  });

  it.each([
    ['none of two heard from', replicas(4 * SECOND, 4 * SECOND)],
    ['one of four heard from', replicas(SECOND, 4 * SECOND, 4 * SECOND, 4 * SECOND)],
    ['the only other one not heard from', replicas(4 * SECOND)],
  ])('refuses %s', (_what, others) => {
    expect(() => requireQuorum('INFO', { replicas: others })).toThrow(
      'INFO: its leader has lost contact with the majority',
    );
  });
});
