import fc from 'fast-check';
import { BodyBuffer } from './body-buffer.js';

const gather = (chunks: readonly Uint8Array[]): BodyBuffer => {
  const body = new BodyBuffer();
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
  const body = new BodyBuffer();
  const chunk = Buffer.from('whole');
  body.append(chunk);
  expect(body.whole()).toBe(chunk);
});
