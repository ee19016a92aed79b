import { connect } from 'node:net';
import { once } from 'node:events';
import { RawSse } from '../support/raw-sse.js';
import { replayWhole } from './replay-whole.js';
import { Rig, problemsOf, reached } from './rig.js';

describe('unusual input', () => {
  it('a message of the server’s maximum size is delivered, or announced as a gap', async () => {
    const largest = 8 * 1024 * 1024;
    const rig = await Rig.start({
      server: { config: `max_payload: ${largest}` },
      env: { MAX_EVENT_SIZE: '-1', WINDOW_MAX_BYTES: '1000000', WINDOW_MAX_MESSAGES: '3' },
    });
    const live = await RawSse.open(`${rig.service.url}/events?topic=a`);
    await live.waitForEvents(1);
    const payload = `"${'x'.repeat(largest - 2)}"`;
    await rig.broker.publish('events.a', payload);
    await rig.broker.publish('events.a', '"after"');
    await live.waitForEvents(3, { timeoutMs: 20_000 });
    expect(live.events.map(({ id }) => id)).toEqual(['0', '1', '2']);
    expect(live.events[1]?.data).toContain(`"payload":${payload},`);
    // From JetStream as well: the message does not fit into the window.
    const replayed = await RawSse.open(`${rig.service.url}/events?topic=a&last-id=0`);
    await replayed.waitForEvents(3, { timeoutMs: 20_000 });
    expect(replayed.events[1]?.data).toBe(live.events[1]?.data);
  });

  it('with a limit, the largest message is a gap, live and in a replay', async () => {
    const rig = await Rig.start({ env: { WINDOW_MAX_MESSAGES: '1' } });
    const live = await RawSse.open(`${rig.service.url}/events?topic=a`);
    await live.waitForEvents(1);
    const { max_payload: largest } = rig.broker.connection.info as { max_payload: number };
    await rig.broker.publish('events.a', new Uint8Array(largest));
    await rig.broker.publish('events.a', '"after"');
    const replayed = await RawSse.open(`${rig.service.url}/events?topic=a&last-id=0`);
    for (const stream of [live, replayed]) {
      await stream.waitForEvents(3);
      expect(stream.events.map(({ event, id }) => [event, id])).toEqual([
        ['connected', '0'],
        ['gap', '1'],
        ['message', '2'],
      ]);
    }
  });

  it('a thousand topics without messages are live quickly, without their own consumer', async () => {
    const rig = await Rig.start({
      env: { MAX_TOPICS_PER_SUBSCRIPTION: '-1', WINDOW_MAX_MESSAGES: '10' },
      prepare: (broker) => broker.fill(2000, () => 'events.busy'),
    });
    const topics = Array.from({ length: 1000 }, (_, i) => `none.${i}`);
    const asked = performance.now();
    const client = rig.client({ topics, cursor: '5' });
    // Heartbeats contain the newest position only on a stream that is caught up.
    await reached(client, 2000);
    expect(performance.now() - asked).toBeLessThan(8000);
    expect(client.starts).toMatchObject([{ recovery: 'resumed' }]);
    expect(await rig.broker.consumers()).toHaveLength(1);
    const last = await rig.broker.publish('events.none.999');
    await reached(client, last);
    expect(client.history.current.received).toEqual([last]);
  });

  it('a topic with a hundred thousand messages is replayed completely (a million: the long run)', async () => {
    await replayWhole(100_000);
  });

  it('a header that is not UTF-8 does not stop its message or the next one', async () => {
    const rig = await Rig.start({ env: { EVENT_TYPE: 'header Kind' } });
    const stream = await RawSse.open(`${rig.service.url}/events?topic=a`);
    await stream.waitForEvents(1);
    const header = Buffer.concat([
      Buffer.from('NATS/1.0\r\nBad: '),
      Buffer.from([0xff, 0xfe, 0x80]),
      Buffer.from('\r\nKind: news\r\n\r\n'),
    ]);
    const payload = Buffer.from('{"n":1}');
    const socket = connect(rig.server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('CONNECT {"verbose":false,"headers":true}\r\n');
    socket.write(`HPUB events.a ${header.length} ${header.length + payload.length}\r\n`);
    socket.write(Buffer.concat([header, payload, Buffer.from('\r\nPING\r\n')]));
    await stream.waitForEvents(2);
    socket.destroy();
    await rig.broker.publish('events.a', '{"n":2}');
    await stream.waitForEvents(3);
    expect(stream.events.map(({ event, id }) => [event, id])).toEqual([
      ['connected', '0'],
      ['news', '1'],
      ['message', '2'],
    ]);
  });

  it('a payload with an incomplete character is sent as base64, not as text', async () => {
    const rig = await Rig.start();
    const half = Buffer.from('"é"').subarray(0, 2);
    await rig.broker.publish('events.a', half);
    const stream = await RawSse.open(`${rig.service.url}/events?topic=a&last-id=0`);
    await stream.waitForEvents(2);
    expect(JSON.parse(stream.events[1]?.data ?? '')).toMatchObject({
      payload: half.toString('base64'),
      encoding: 'base64',
    });
    const client = rig.client({ cursor: '0' });
    await reached(client, 1);
    expect(problemsOf(client, await rig.broker.stored())).toEqual([]);
  });
});
