import { surviveWriteTimeout } from './slow-readers.js';

// A peer with a full buffer acknowledges in steps of about 190 KB: measured on loopback, up to 15 s
// pass between two of them at 20 KB/s, 6 s at 100 KB/s. A timeout of seconds needs faster readers
// than the long run, which takes those of the contract's claim.
it('readers with 300 and 800 KB/s are kept for three times write_timeout, a stalled one is disconnected', async () => {
  await surviveWriteTimeout({ seconds: 4, bytesPerSecond: [300_000, 800_000] });
}, 60_000);
