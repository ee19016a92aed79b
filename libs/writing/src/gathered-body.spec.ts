import fc from 'fast-check';
import { GatheredBody } from './gathered-body.js';

const gather = (chunks: readonly Uint8Array[]): GatheredBody => {
  const body = new GatheredBody();
  for (const chunk of chunks) body.append(Buffer.from(chunk));
  return body;
};

it('contains the bytes of its chunks, in order', () => {
  const chunk = fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 5000 }));
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 60 }), (chunks) => {
      const body = gather(chunks);
      expect(body.whole().equals(Buffer.concat(chunks))).toBe(true);
      expect(body.length).toBe(body.whole().length);
    }),
    { numRuns: 100 },
  );
});

it('keeps a single chunk without a copy', () => {
  const body = new GatheredBody();
  const chunk = Buffer.from('whole');
  body.append(chunk);
  expect(body.whole()).toBe(chunk);
});
