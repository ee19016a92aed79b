import { headers, type StreamConfig } from 'nats';
import { until } from '../support/until.js';
import { Rig, reached } from './rig.js';

/** Contract §4: the maximum time until a deleted message leaves memory, in ms; removals that the tail sees are immediate. */
const DUE_MS = 5000;
const AT_ONCE_MS = 500;

/** With fields that only newer servers support. */
type Config = Partial<StreamConfig> & { readonly allow_msg_ttl?: boolean };

describe('messages that the stream no longer holds', () => {
  const start = async (stream: Config = {}, count = 9): Promise<Rig> => {
    const rig = await Rig.start({ stream });
    await rig.broker.fill(count, (i) => (i % 3 === 2 ? 'events.b' : 'events.a'));
    await reached(rig.client({ topics: ['a', 'b'], cursor: '0' }), count);
    return rig;
  };
  const publish = async (
    rig: Rig,
    subject: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<number> => {
    const all = headers();
    for (const [name, value] of Object.entries(more)) all.append(name, value);
    const js = rig.broker.connection.jetstream();
    return (await js.publish(subject, '"new"', { headers: all })).seq;
  };
  /** The messages of a resume, up to the stream's newest message. */
  const resume = async (rig: Rig, cursor: string, last: number): Promise<readonly number[]> => {
    const client = rig.client({ topics: ['a', 'b'], cursor });
    await reached(client, last);
    client.close();
    expect(client.starts).toMatchObject([{ recovery: 'resumed' }]);
    return client.history.current.received;
  };
  /** Resumes repeatedly until only expected messages arrive, and returns how long that took, in ms. */
  const untilOnly = async (
    rig: Rig,
    cursor: string,
    expected: readonly number[],
  ): Promise<number> => {
    const began = performance.now();
    const last = expected.at(-1) ?? 0;
    await until(
      async () => JSON.stringify(await resume(rig, cursor, last)) === JSON.stringify(expected),
      { what: `only ${expected.join(' ')} to come`, timeoutMs: 8000, everyMs: 50 },
    );
    return performance.now() - began;
  };

  it.each(['deleted', 'erased'])('%s in the middle: not delivered on resume', async (how) => {
    const rig = await start();
    await rig.broker.manager.streams.deleteMessage('EVENTS', 5, how === 'erased');
    expect(await untilOnly(rig, '3', [4, 6, 7, 8, 9])).toBeLessThan(DUE_MS);
  });

  it('purged by subject: not delivered on resume, nor to a client of a hub with another format', async () => {
    const rig = await start();
    await rig.broker.manager.streams.purge('EVENTS', { filter: 'events.b' });
    const last = await publish(rig, 'events.a');
    expect(await untilOnly(rig, '0', [1, 2, 4, 5, 7, 8, last])).toBeLessThan(DUE_MS);
  });

  it.each([
    ['sub', [3, 6, 9, 10]],
    ['all', [10]],
  ])('rolled up (%s): not delivered on resume, at once', async (rollup, left) => {
    const rig = await start({ allow_rollup_hdrs: true });
    const live = rig.client({ topics: ['a'] });
    await until(() => live.starts.length === 1);
    const last = await publish(rig, 'events.a', { 'Nats-Rollup': rollup });
    await reached(live, last);
    const client = rig.client({ topics: ['a', 'b'], cursor: '0' });
    await reached(client, last);
    expect(client.history.current.received).toEqual(left);
  });

  it('pushed out by the limit of its subject: not delivered on resume, at once', async () => {
    const rig = await start({ max_msgs_per_subject: 2 });
    const last = await publish(rig, 'events.a');
    expect(await untilOnly(rig, '5', [6, 8, 9, last])).toBeLessThan(AT_ONCE_MS);
  });

  it('expired by its own Nats-TTL: not delivered on resume, nor to a slow client that catches up', async () => {
    const rig = await start({ allow_msg_ttl: true });
    const mortal = await publish(rig, 'events.a', { 'Nats-TTL': '1' });
    const last = await publish(rig, 'events.a');
    expect(await resume(rig, '9', last)).toEqual([mortal, last]);
    expect(await untilOnly(rig, '9', [last])).toBeLessThan(1000 + AT_ONCE_MS);
  });

  it('deleted while a client does not read: not sent when it reads again', async () => {
    const rig = await Rig.start();
    const [quick, slow] = [rig.client(), rig.client()];
    await until(() => slow.starts.length === 1 && quick.starts.length === 1);
    slow.pause();
    // More than both kernels buffer, and less than the window.
    const last = await rig.broker.fill(8000, () => 'events.a', `"${'x'.repeat(2000)}"`);
    await reached(quick, last);
    await rig.broker.manager.streams.deleteMessage('EVENTS', last - 1);
    await untilOnly(rig, String(last - 3), [last - 2, last]);
    slow.resume();
    await reached(slow, last);
    expect(slow.history.violations).toEqual([]);
    expect(slow.history.current.received.length).toBe(last - 1);
    expect(slow.history.current.received).not.toContain(last - 1);
  });

  it('deleted on a stream that allows only the tail’s consumer', async () => {
    const rig = await start({ max_consumers: 1 });
    await rig.broker.manager.streams.deleteMessage('EVENTS', 5);
    expect(await untilOnly(rig, '3', [4, 6, 7, 8, 9])).toBeLessThan(DUE_MS);
  });

  it('leaves no consumer of a check behind, and ends no stream', async () => {
    const rig = await start();
    const live = rig.client({ topics: ['a'] });
    await until(() => live.starts.length === 1);
    await rig.broker.manager.streams.deleteMessage('EVENTS', 4);
    await untilOnly(rig, '3', [5, 6, 7, 8, 9]);
    await until(async () => {
      const { state } = await rig.broker.manager.streams.info('EVENTS');
      return state.consumer_count === 1;
    });
    await reached(live, await publish(rig, 'events.a'));
    expect([live.connections, live.resets]).toEqual([1, []]);
  });
});
