import { headers } from 'nats';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { readMetrics } from './metrics-reader.js';
import { Rig, interruptionsOf, problemsOf, reached } from './rig.js';
import { CLOCKED, ShiftedClock } from './shifted-clock.js';

/** Publishes messages that the stream keeps for ten minutes. */
async function publishMortal(rig: Rig, count: number): Promise<number> {
  const mortal = headers();
  mortal.set('Nats-TTL', '10m');
  const jetstream = rig.broker.connection.jetstream();
  const acks = Array.from({ length: count }, () =>
    jetstream.publish('events.a', '1', { headers: mortal }),
  );
  return Math.max(...(await Promise.all(acks)).map(({ seq }) => seq));
}

async function pageOf(rig: Rig, start: string): Promise<number[]> {
  const url = `${rig.service.url}/events?topic=a&limit=1000&start=${start}`;
  const answer = await fetch(url, { headers: { accept: 'application/json' } });
  const { messages } = (await answer.json()) as { messages: { id: string }[] };
  return messages.map(({ id }) => Number(id));
}

const span = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe.each([1, -1])('the clock of the service jumps by %s h', (hours) => {
  it('messages that the stream still holds are delivered, and their lag is true', async () => {
    const stream = { allow_msg_ttl: true, max_age: 1800e9 };
    const rig = await Rig.start({ stream, nodeArguments: CLOCKED });
    const clock = await ShiftedClock.of(rig);
    await publishMortal(rig, 50);
    const live = rig.client();
    await until(() => live.starts.length === 1);
    await clock.shift(hours);
    const away = rig.client({ cursor: '20' });
    const last = await publishMortal(rig, 50);
    const stored = await rig.broker.stored();
    for (const client of [live, away]) {
      await reached(client, last);
      expect(problemsOf(client, stored)).toEqual([]);
      expect(interruptionsOf(client)).toEqual([]);
    }
    expect(await pageOf(rig, 'all')).toEqual(span(1, last));
    const metrics = await readMetrics(rig.service.url);
    expect(metrics.get('nuts_delivery_lag_seconds_count')).toBe(50);
    const lag = metrics.get('nuts_delivery_lag_seconds_sum');
    expect(lag).toBeGreaterThan(0);
    expect(lag).toBeLessThan(100);
  });

  it('the replay window and a start in time are counted by the clock of the server', async () => {
    const rig = await Rig.start({ env: { REPLAY_WINDOW: '600' }, nodeArguments: CLOCKED });
    const clock = await ShiftedClock.of(rig);
    await rig.broker.fill(50, () => 'events.a');
    const stored = Date.now();
    await until(() => Date.now() - stored > 1000);
    await clock.shift(hours);
    await rig.broker.fill(10, () => 'events.a');
    expect(await pageOf(rig, 'PT1S')).toEqual(span(51, 60));
    expect(await pageOf(rig, 'PT10M')).toEqual(span(1, 60));
    const away = rig.client({ cursor: '20' });
    await reached(away, 60);
    expect(away.starts).toMatchObject([{ recovery: 'resumed' }]);
    expect(away.history.current.received).toEqual(span(21, 60));
  });

  it('heartbeats, rates and readiness go by another clock', async () => {
    const env = { PUBLISH: 'true', PUBLISH_ANONYMOUS: 'true', PUBLISH_RATE: '1' };
    const rig = await Rig.start({ env, nodeArguments: CLOCKED });
    const clock = await ShiftedClock.of(rig);
    const url = `${rig.service.url}/events?topic=a`;
    const stream = await RawSse.open(url);
    const statusOf = async (address: string, init?: RequestInit): Promise<number> => {
      const answer = await fetch(address, init);
      await answer.text();
      return answer.status;
    };
    const post = (): Promise<number> => statusOf(url, { method: 'POST', body: 'x' });
    await until(async () => (await post()) === 429);
    await clock.shift(hours);
    // An hour would have refilled the bucket to two.
    const statuses = [await post(), await post(), await post()];
    expect(statuses.filter((status) => status === 201).length).toBeLessThan(2);
    expect(await statusOf(`${rig.service.url}/readyz`)).toBe(200);
    const [before, since] = [stream.body.length, performance.now()];
    const beats = (): number => stream.body.slice(before).split(': heartbeat').length - 1;
    await until(() => beats() >= 3);
    // Three intervals of 0.3 s: not at once, as after an hour of silence.
    expect(performance.now() - since).toBeGreaterThan(500);
    await until(async () => (await post()) === 201);
    expect(stream.over).toBeUndefined();
  });
});
