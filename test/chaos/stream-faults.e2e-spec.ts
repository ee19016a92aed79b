import type { StreamConfig } from 'nats';
import { until } from '../support/until.js';
import { Rig, interruptionsOf, problemsOf, reached } from './rig.js';
import type { ResumingClient } from './resuming-client.js';
import { restore, snapshot, type Snapshot } from './snapshot.js';

const WINDOW = { WINDOW_MAX_MESSAGES: '20' };
const alternating = (i: number): string => (i % 2 === 0 ? 'events.a' : 'events.b');

describe('changes to a stream', () => {
  const start = (stream: Partial<StreamConfig> = {}): Promise<Rig> =>
    Rig.start({ stream, env: WINDOW, prepare: (broker) => broker.fill(200, alternating) });

  /** A live client on `a`, and one that is disconnected since sequence 50. */
  const expectContiguous = async (rig: Rig, ...clients: ResumingClient[]): Promise<void> => {
    const last = await rig.broker.publish('events.a', '"end"');
    const stored = await rig.broker.stored();
    for (const client of clients) {
      await reached(client, last);
      expect(client.resets).toEqual([]);
      expect(client.history.violations).toEqual([]);
      expect(problemsOf(client, stored)).toEqual([]);
    }
  };

  it('purged: live messages continue, an old cursor falls back to the remaining messages', async () => {
    const rig = await start();
    const live = rig.client({ topics: ['a', 'b'] });
    await reached(live, 200);
    await rig.broker.manager.streams.purge('EVENTS');
    await rig.broker.fill(10, alternating);
    await reached(live, 210);
    expect(live.history.current.received).toEqual(span(201, 210));
    const away = rig.client({ topics: ['a', 'b'], cursor: '50' });
    await reached(away, 210);
    expect(away.starts).toMatchObject([
      { recovery: 'fallback', reason: 'sequence below retention' },
    ]);
    expect(away.history.current.received).toEqual(span(201, 210));
    await expectContiguous(rig, live, away);
  });

  it('purged without new messages: a cursor at the end is caught up', async () => {
    const rig = await start();
    await rig.broker.manager.streams.purge('EVENTS');
    const caughtUp = rig.client({ cursor: '200' });
    await until(() => caughtUp.starts.length === 1);
    expect(caughtUp.starts).toMatchObject([{ recovery: 'resumed' }]);
    await expectContiguous(rig, caughtUp);
  });

  it('trimmed by its limits during a slow replay: removed messages are skipped, in order', async () => {
    const rig = await Rig.start({
      stream: { max_msgs: 5000 },
      env: WINDOW,
      prepare: (broker) => broker.fill(5000, () => 'events.a', `"${'x'.repeat(500)}"`),
    });
    const slow = rig.client({ cursor: '1', habits: { bytesPerSecond: 100_000 } });
    await until(() => slow.history.messages > 50);
    const last = await rig.broker.fill(4000, () => 'events.a');
    slow.shortenPause();
    await reached(slow, last);
    const { received } = slow.history.current;
    expect(slow.history.violations).toEqual([]);
    // All remaining messages were received, whatever was missed before.
    const got = new Set(received);
    const retained = await rig.broker.stored();
    expect(retained.filter(({ sequence }) => !got.has(sequence))).toEqual([]);
    expect(received[0]).toBe(2);
  });

  it('trimmed by its limits while an open client does not read: it receives the remaining messages', async () => {
    const rig = await Rig.start({ env: { HEALTH_DETAILS: 'true' } });
    const [quick, slow] = [rig.client({ topics: ['a'] }), rig.client({ topics: ['a'] })];
    await until(() => slow.starts.length === 1 && quick.starts.length === 1);
    slow.pause();
    // More than both kernels buffer, and less than the window.
    const last = await rig.broker.fill(8000, () => 'events.a', `"${'x'.repeat(2000)}"`);
    await reached(quick, last);
    await rig.broker.manager.streams.update('EVENTS', { max_msgs: 100 });
    const firstKnown = async (): Promise<number> => {
      const answer = await fetch(`${rig.service.url}/healthz`);
      return ((await answer.json()) as { stream_info: { first_seq: number } }).stream_info
        .first_seq;
    };
    await until(async () => (await firstKnown()) === last - 99);
    const away = rig.client({ topics: ['a'], cursor: '1' });
    await reached(away, last);
    expect(away.starts).toMatchObject([{ recovery: 'fallback' }]);
    expect(away.history.current.received).toEqual(span(last - 99, last));
    slow.resume();
    await reached(slow, last);
    expect(interruptionsOf(slow)).toEqual([]);
    const { received } = slow.history.current;
    // What the kernels held, then nothing that the stream has dropped.
    expect(received.slice(-100)).toEqual(span(last - 99, last));
    expect(received.slice(0, -100)).toEqual(span(1, received.length - 100));
    expect(received.length).toBeLessThan(last);
    expect(slow.history.violations).toEqual([]);
  });

  it('one subject purged while another is pending: the other is complete', async () => {
    const rig = await start();
    const client = rig.client({ topics: ['a', 'b'], cursor: '3' });
    await rig.broker.manager.streams.purge('EVENTS', { filter: 'events.b' });
    const other = rig.client({ topics: ['a', 'b'], cursor: '3' });
    const onlyPurged = rig.client({ topics: ['b'], cursor: '3' });
    await reached(client, 199);
    await reached(other, 199);
    const last = await rig.broker.publish('events.b', '"new"');
    for (const each of [client, other, onlyPurged]) {
      await reached(each, last);
      expect(each.history.violations).toEqual([]);
    }
    const ofA = span(4, 199).filter((sequence) => sequence % 2 === 1);
    for (const each of [client, other]) {
      expect(each.history.current.received.filter((sequence) => sequence % 2 === 1)).toEqual(
        expect.arrayContaining(ofA),
      );
    }
    expect(other.starts).toMatchObject([{ recovery: 'resumed' }]);
    expect(onlyPurged.history.current.received.at(-1)).toBe(last);
  });

  it('a subject rolled up: its last message remains, others are complete', async () => {
    const rig = await start({ allow_rollup_hdrs: true });
    const { headers } = await import('nats');
    const rollup = headers();
    rollup.set('Nats-Rollup', 'sub');
    await rig.broker.connection.jetstream().publish('events.b', '"sum"', { headers: rollup });
    const client = rig.client({ topics: ['a', 'b'], cursor: '2' });
    await reached(client, 201);
    expect(client.starts).toMatchObject([{ recovery: 'resumed' }]);
    const { received } = client.history.current;
    expect(received.filter((sequence) => sequence < 180)).toEqual(
      span(3, 179).filter((sequence) => sequence % 2 === 1),
    );
    expect(received.slice(-1)).toEqual([201]);
    const stored = new Set((await rig.broker.stored()).map(({ sequence }) => sequence));
    expect([...stored].filter((n) => n > 2 && !received.includes(n))).toEqual([]);
  });

  it('messages deleted one by one, including the newest: no gap stops a client', async () => {
    const rig = await start();
    const live = rig.client();
    await reached(live, 200);
    for (const doomed of [60, 61, 62, 99, 199, 200]) {
      await rig.broker.manager.streams.deleteMessage('EVENTS', doomed);
    }
    const replaying = rig.client({ topics: ['a', 'b'], cursor: '55' });
    const atDeleted = rig.client({ topics: ['a', 'b'], cursor: '60' });
    // The tail attaches again at its last message, which no longer exists.
    for (const { name } of await rig.broker.consumers()) await rig.broker.deleteConsumer(name);
    await rig.broker.fill(50, alternating);
    await reached(live, 249);
    await expectContiguous(rig, live);
    for (const client of [replaying, atDeleted]) {
      await reached(client, 251);
      expect(client.starts).toMatchObject([{ recovery: 'resumed' }]);
      expect(client.history.violations).toEqual([]);
      const { received } = client.history.current;
      expect(received).toEqual(expect.arrayContaining(span(63, 98)));
      expect(received.filter((n) => n >= 60 && n <= 62)).toEqual([]);
    }
  });

  describe('deleted and recreated', () => {
    const recreate = async (rig: Rig, messages: number): Promise<void> => {
      await rig.broker.manager.streams.delete('EVENTS');
      await rig.broker.createStream();
      if (messages > 0) await rig.broker.fill(messages, alternating);
    };
    const expectReset = async (rig: Rig, client: ResumingClient): Promise<void> => {
      await until(() => client.resets.length === 1, { what: 'a reset', timeoutMs: 15_000 });
      const last = await rig.broker.publish('events.a', '"end"');
      await reached(client, last);
      expect(client.resets).toEqual(['stream_recreated']);
      const due = (await rig.broker.stored()).filter(({ subject }) => subject === 'events.a');
      expect(client.history.current.received).toEqual(due.map(({ sequence }) => sequence));
      expect(client.history.violations).toEqual([]);
    };

    it.each([0, 50, 500])('while it is read, with %s messages in the new one', async (messages) => {
      const rig = await start();
      const client = rig.client();
      await reached(client, 200);
      await recreate(rig, messages);
      await expectReset(rig, client);
    });

    it.each([50, 500])('while the service was down, with %s messages', async (messages) => {
      const rig = await start();
      const client = rig.client();
      await reached(client, 200);
      // A service that is frozen sees nothing of it: its connection is dead when it comes back.
      rig.service.signal('SIGSTOP');
      await recreate(rig, messages);
      await rig.server.restart();
      rig.service.signal('SIGCONT');
      await expectReset(rig, client);
    });
  });

  describe('restored from a snapshot', () => {
    /** Newer servers (2.15, not 2.9) give what they restore a creation time of its own: a new stream. */
    const restoreOver = async (rig: Rig, copy: Snapshot): Promise<string> => {
      const { streams } = rig.broker.manager;
      const before = await streams.info('EVENTS');
      await streams.delete('EVENTS');
      await restore(rig.broker, 'EVENTS', copy);
      const after = await streams.info('EVENTS');
      return after.created === before.created ? 'stream_rewound' : 'stream_recreated';
    };

    it.each([0, 5, 300])(
      'rewound, and then %s messages further: every stream is reset',
      async (further) => {
        const rig = await start();
        const copy = await snapshot(rig.broker, 'EVENTS');
        await rig.broker.fill(50, alternating);
        const client = rig.client();
        await reached(client, 249);
        const reason = await restoreOver(rig, copy);
        if (further > 0) await rig.broker.fill(further, alternating);
        await until(() => client.resets.length === 1, { what: 'a reset', timeoutMs: 15_000 });
        const last = await rig.broker.publish('events.a', '"end"');
        await reached(client, last);
        expect(client.resets).toEqual([reason]);
        const due = (await rig.broker.stored()).filter(({ subject }) => subject === 'events.a');
        expect(client.history.current.received).toEqual(due.map(({ sequence }) => sequence));
      },
    );

    it('at exactly its previous position: no stream is reset if it is the same stream', async () => {
      const rig = await start();
      const client = rig.client();
      await reached(client, 199);
      const reason = await restoreOver(rig, await snapshot(rig.broker, 'EVENTS'));
      if (reason === 'stream_rewound') await expectContiguous(rig, client);
      else await until(() => client.resets.length === 1);
    });
  });
});

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
