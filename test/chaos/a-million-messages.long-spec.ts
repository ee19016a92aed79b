import { replayWhole } from './replay-whole.js';

it('replays a topic with a million messages completely', async () => {
  await replayWhole(1_000_000, 120_000);
}, 180_000);
