import type { OpenGroup } from './load-protocol.interface.js';

/** A group as requested by a scenario; it is split between the load processes. */
export type Crowd = Pick<OpenGroup, 'group' | 'count' | 'url'> &
  Partial<Omit<OpenGroup, 'group' | 'count' | 'url' | 'offset'>>;

/** Splits a group evenly; each process knows the number of its first client. */
export function share(crowd: Crowd, processes: number): OpenGroup[] {
  const { count } = crowd;
  return Array.from({ length: processes }, (_, index) => {
    const offset = Math.floor((count * index) / processes);
    const end = Math.floor((count * (index + 1)) / processes);
    return {
      concurrency: 64,
      until: 'connected' as const,
      checkEvery: 1,
      stalled: false,
      gzip: false,
      ...crowd,
      offset,
      count: end - offset,
    };
  });
}
