import fc from 'fast-check';
import { share } from './share.js';

describe('share', () => {
  it('assigns every client to one process, numbered without gaps', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 16 }), (count, processes) => {
        const parts = share({ group: 'g', url: 'http://x/', count }, processes);
        expect(parts).toHaveLength(processes);
        let next = 0;
        for (const part of parts) {
          expect(part.offset).toBe(next);
          next += part.count;
        }
        expect(next).toBe(count);
      }),
    );
  });
});
