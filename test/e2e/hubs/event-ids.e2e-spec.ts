import { FormatHubs } from './format-hubs.js';

describe('event_id_format sequence_time (contract §3)', () => {
  let hubs: FormatHubs;
  beforeAll(async () => (hubs = await FormatHubs.start()));

  it('is the format of every ID in messages, connected events and gaps, and each can be resumed from', async () => {
    const first = await hubs.publish('timed', '1');
    const second = await hubs.publish('timed', '2');
    const ids = [
      `${first}-${await hubs.timeNanos(first)}`,
      `${second}-${await hubs.timeNanos(second)}`,
    ];
    const [live] = await hubs.listen('/timed?topic=timed');
    expect(live?.events[0]?.id).toBe(ids[1]);
    const [resumed] = await hubs.listen(`/timed?topic=timed&last-id=${ids[0]}`);
    await resumed?.waitForEvents(2);
    expect(resumed?.events.map(({ id }) => id)).toEqual(ids);
    expect(JSON.parse(resumed?.events[0]?.data ?? '')).toMatchObject({ recovery: 'resumed' });
    // A bare cursor, as a client of another replica's older settings may have.
    const [bare] = await hubs.listen(`/timed?topic=timed&last-id=${first}`);
    await bare?.waitForEvents(2);
    expect(bare?.events[1]?.id).toBe(ids[1]);
    const stranger = await hubs.open(`/timed?topic=timed&last-id=${first}-5`);
    await stranger.waitForEvents(1);
    expect(JSON.parse(stranger.events[0]?.data ?? '')).toMatchObject({
      recovery: 'fallback',
      reason: 'cursor from another stream',
    });
    expect(stranger.events[0]?.id).toBe(`${first}-5`);
  });

  it('is the format of gap and heartbeat IDs', async () => {
    const [stream] = await hubs.listen('/timed-small?topic=timed.gaps');
    const gap = await hubs.publish('timed.gaps', 'x'.repeat(2000));
    const id = `${gap}-${await hubs.timeNanos(gap)}`;
    await stream?.waitForEvents(2);
    expect(stream?.events[1]).toMatchObject({ event: 'gap', id });
    const beat = await stream?.frame(({ comment }) => comment?.startsWith('heartbeat') === true);
    expect(beat?.id).toBe(id);
    const [resumed] = await hubs.listen(`/timed-small?topic=timed.gaps&last-id=${id}`);
    expect(JSON.parse(resumed?.events[0]?.data ?? '')).toMatchObject({ recovery: 'resumed' });
    stream?.abort();
    resumed?.abort();
  });

  it('is a bare 0 while the stream is empty, and that resumes from its start', async () => {
    const [stream] = await hubs.listen('/timed-empty?topic=a');
    expect(stream?.events[0]?.id).toBe('0');
    await hubs.admin.connection.jetstream().publish('empty.a', '1');
    await stream?.waitForEvents(2);
    const [resumed] = await hubs.listen('/timed-empty?topic=a&last-id=0');
    await resumed?.waitForEvents(2);
    expect(resumed?.events[1]?.raw).toBe(stream?.events[1]?.raw);
    expect(resumed?.events[1]?.id).toMatch(/^1-\d{19}$/);
  });

  it('is accepted by hubs with the other format', async () => {
    const first = await hubs.publish('shared', '1');
    const second = await hubs.publish('shared', '2');
    const cursor = `${first}-${await hubs.timeNanos(first)}`;
    const [plain] = await hubs.listen(`/plain?topic=shared&last-id=${cursor}`);
    await plain?.waitForEvents(2);
    expect(plain?.events.map(({ id }) => id)).toEqual([expect.any(String), String(second)]);
  });
});
