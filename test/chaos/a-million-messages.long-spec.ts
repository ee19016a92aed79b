import { replayWhole } from './replay-whole.js';

it('a topic with a million messages is replayed whole', async () => {
  await replayWhole(1_000_000, 120_000);
}, 180_000);
