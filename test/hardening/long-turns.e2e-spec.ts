import { INSPECTED, Inspector } from '../chaos/inspector.js';
import { Rig } from '../chaos/rig.js';

/** Large payloads whose encoding takes long. */
const PAYLOADS: Readonly<Record<string, string>> = {
  'JSON of short tokens': `[${'1,'.repeat(450_000)}1]`,
  'text that is too large once it is escaped': 'x\n'.repeat(450_000),
};

it.each(Object.keys(PAYLOADS))(
  'a page of 30 × 900 KB of %s leaves time to others',
  async (name) => {
    const rig = await Rig.start({
      nodeArguments: INSPECTED,
      prepare: (broker) => broker.fill(30, () => 'events.a', PAYLOADS[name]),
    });
    const inspector = await Inspector.attach(rig.service);
    await inspector.measureTurns();
    const answer = await fetch(`${rig.service.url}/events?topic=a&start=all`, {
      headers: { accept: 'application/json' },
    });
    const { messages } = (await answer.json()) as { messages: unknown[] };
    expect(messages).toHaveLength(30);
    const { cpuMs } = await inspector.longestTurn();
    // 10 ms and one message; up to three times that on a busy machine. All gaps in one turn took 200 ms.
    expect(cpuMs).toBeLessThan(100);
  },
);
