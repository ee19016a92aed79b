import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until.js';
import { Rig, reached } from './rig.js';

/** A store that was set back to a copy, and grew past its old end before the service was back. */
it("a copy of the store restored, with other messages up to the reader's position: all clients start again", async () => {
  let directory = '';
  const rig = await Rig.start({
    server: { config: (files) => ((directory = files), '') },
    stream: { subjects: ['events.>', 'other.>'] },
    // It reconnects long after the publishers.
    env: { RECONNECT_WAIT: '1.5' },
  });
  const store = join(directory, 'store');
  // In a container, the store is not accessible.
  if (!existsSync(store)) return;
  const { broker, server } = rig;
  await broker.fill(50, () => 'events.a');
  const copy = `${store}-copy`;
  await server.shutdown();
  cpSync(store, copy, { recursive: true });
  await server.restart();
  const live = rig.client({ cursor: '0' });
  await until(() => broker.fill(50, () => 'events.a'));
  await reached(live, 100);
  await server.kill();
  rmSync(store, { recursive: true });
  cpSync(copy, store, { recursive: true });
  await server.restart();
  // Of the new messages the one at the reader's last sequence is of another prefix.
  const last = await until(
    () => broker.fill(80, (i) => (i === 49 ? 'other.x' : 'events.a'), '"after"'),
    { what: 'publishers to be back' },
  );
  expect(last).toBeGreaterThanOrEqual(130);
  await reached(live, last, 30_000);
  expect(live.resets).toEqual(['stream_rewound']);
  const due = (await broker.stored()).filter(({ subject }) => subject === 'events.a');
  const newcomer = rig.client({ cursor: '0' });
  await reached(newcomer, last);
  for (const { history } of [live, newcomer]) {
    expect(history.current.received).toEqual(due.map(({ sequence }) => sequence));
  }
}, 90_000);
