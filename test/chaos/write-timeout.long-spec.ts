import { surviveWriteTimeout } from './slow-readers.js';

it('readers of 20 and 100 KB/s survive three times write_timeout, a stalled one does not', async () => {
  await surviveWriteTimeout({ seconds: 30, bytesPerSecond: [20_000, 100_000] });
}, 180_000);
