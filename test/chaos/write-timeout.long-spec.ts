import { surviveWriteTimeout } from './slow-readers.js';

it('readers with 20 and 100 KB/s are kept for three times write_timeout, a stalled one is disconnected', async () => {
  await surviveWriteTimeout({ seconds: 30, bytesPerSecond: [20_000, 100_000] });
}, 180_000);
