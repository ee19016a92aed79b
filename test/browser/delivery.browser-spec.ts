import type { Browser } from 'playwright-core';
import { until } from '../support/until.js';
import { launchBrowser } from './browser.js';
import { type DeliveryRig, startDeliveryRig } from './delivery-rig.js';
import { startPageOrigin } from './page-origin.js';
import { Tab } from './tab.js';

let rig: DeliveryRig;
let browser: Browser;
let origin: string;
beforeAll(async () => {
  [rig, browser, origin] = await Promise.all([
    startDeliveryRig(),
    launchBrowser(),
    startPageOrigin(),
  ]);
});

// A failed test must not leave an outage for the next one.
afterEach(() => rig.back.restore());

async function open(topic: string): Promise<Tab> {
  const tab = await Tab.open(await browser.newContext(), origin, rig.url(topic));
  await tab.waitFor(1, 'connected');
  return tab;
}

/** Publishes the numbers `from` to `to`, and returns the sequence of the last. */
async function publish(topic: string, from: number, to: number): Promise<number> {
  let sequence = 0;
  for (let n = from; n <= to; n += 1) sequence = await rig.stream.publish(topic, String(n));
  return sequence;
}

/** Every number once and in order. One more message shows that no others are in flight. */
async function expectNumbers(tab: Tab, topic: string, count: number): Promise<void> {
  await tab.waitFor(count);
  await publish(topic, count + 1, count + 1);
  await tab.waitFor(count + 1);
  expect(await tab.payloads()).toEqual(Array.from({ length: count + 1 }, (_, index) => index + 1));
  expect((await tab.seen()).states).not.toContain(2);
}

async function isReady(): Promise<boolean> {
  return (await fetch(`${rig.service().url}/readyz`)).ok;
}

describe('a page of another origin with a plain EventSource', () => {
  it('receives live events', async () => {
    const tab = await open('live');
    const [connected] = await tab.of('connected');
    expect(JSON.parse(connected?.data ?? '')).toEqual({ topics: ['live'], recovery: 'live' });
    const sequence = await publish('live', 1, 3);
    const messages = await tab.waitFor(3);
    expect(messages.at(-1)?.id).toBe(String(sequence));
    await expectNumbers(tab, 'live', 3);
    expect(tab.sentIds).toEqual([undefined]);
  });

  it('resumes whenever its connection is cut', async () => {
    const tab = await open('cut');
    for (let round = 0; round < 5; round += 1) {
      const last = await publish('cut', round * 20 + 1, round * 20 + 10);
      await until(async () => (await tab.of('message')).at(-1)?.id === String(last));
      rig.front.dropConnections();
      await publish('cut', round * 20 + 11, round * 20 + 20);
      await tab.waitFor(round + 2, 'connected');
      expect(Number(await tab.sentId(round + 2))).toBeGreaterThanOrEqual(last);
    }
    await expectNumbers(tab, 'cut', 100);
    const connected = (await tab.of('connected')).map(({ data }) => JSON.parse(data) as object);
    expect(connected.slice(1)).toEqual(
      Array.from({ length: 5 }, () => ({ topics: ['cut'], recovery: 'resumed' })),
    );
  });

  it('resumes after a cut under load', async () => {
    const tab = await open('pour');
    const pouring = publish('pour', 1, 3000);
    for (let cut = 1; cut <= 4; cut += 1) {
      await tab.waitFor(cut, 'connected');
      await tab.waitFor(cut * 200);
      rig.front.dropConnections();
    }
    await pouring;
    await expectNumbers(tab, 'pour', 3000);
  });

  it('resumes after a restart of the service', async () => {
    const tab = await open('restart');
    await publish('restart', 1, 10);
    await tab.waitFor(10);
    const restarted = rig.restart();
    await until(async () => (await tab.seen()).states.length > 0, { what: 'the drain' });
    await publish('restart', 11, 20);
    await restarted;
    await expectNumbers(tab, 'restart', 20);
  });

  it('stays open while NATS is disconnected, and receives what was published meanwhile', async () => {
    const tab = await open('outage');
    await publish('outage', 1, 10);
    await tab.waitFor(10);
    rig.back.cut();
    await until(async () => !(await isReady()), { what: 'the outage to be noticed' });
    await publish('outage', 11, 20);
    rig.back.restore();
    await expectNumbers(tab, 'outage', 20);
    expect(tab.sentIds).toHaveLength(1);
  });

  it('reconnects on retry streams until NATS is available', async () => {
    const tab = await open('retry');
    const last = await publish('retry', 1, 10);
    await tab.waitFor(10);
    rig.back.cut();
    await until(async () => !(await isReady()), { what: 'the outage to be noticed' });
    rig.front.dropConnections();
    await publish('retry', 11, 20);
    // Each retry stream opens and ends; none carries a `connected`.
    await until(async () => (await tab.seen()).opens >= 4, { what: 'three retry streams' });
    expect(await tab.of('connected')).toHaveLength(1);
    expect(new Set(tab.sentIds.slice(1))).toEqual(new Set([String(last)]));
    rig.back.restore();
    await expectNumbers(tab, 'retry', 20);
  });

  it('has a cursor on a quiet topic that heartbeats keep current', async () => {
    const tab = await open('quiet');
    const newest = String(await publish('busy', 1, 5));
    await until(
      () => {
        if (tab.sentIds.at(-1) === newest) return true;
        rig.front.dropConnections();
        return false;
      },
      // Longer than the heartbeat interval of a second and a reconnect.
      { everyMs: 2500, timeoutMs: 15_000, what: () => `${newest} among ${tab.sentIds.join()}` },
    );
    await tab.waitFor(tab.sentIds.length, 'connected');
    const { events } = await tab.seen();
    expect(events.filter(({ type }) => type !== 'connected')).toEqual([]);
    await expectNumbers(tab, 'quiet', 0);
  });

  it('is notified that the stream was recreated, and replays the new one', async () => {
    const tab = await open('reset');
    await publish('reset', 1, 3);
    await tab.waitFor(3);
    const { jsm } = rig.stream;
    const { config } = await jsm.streams.info('EVENTS');
    await jsm.streams.delete('EVENTS');
    await jsm.streams.add(config);
    await publish('reset', 4, 9);
    const [reset] = await tab.waitFor(1, 'reset');
    expect(reset).toEqual({ type: 'reset', data: '{"reason":"stream_recreated"}', id: '0' });
    await expectNumbers(tab, 'reset', 9);
    expect(tab.sentIds).toEqual([undefined, '0']);
  });
});
