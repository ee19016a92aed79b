import { until } from '../../../../test/support/until.js';
import { connect } from '../connect.js';
import { FakeHub } from '../fake-hub.fixture.js';
import type { Hub } from '../hub/hub.js';

// Node has locks and channels like a browser: hubs of one process represent tabs.
let server: FakeHub;
let tabs: Hub[];
beforeEach(async () => {
  server = await FakeHub.start();
  tabs = [];
});
afterEach(async () => {
  for (const tab of tabs) tab.close();
  await server.stop();
});

function open(heartbeatMs = 2000): Hub {
  const tab = connect(server.url, { share: true, heartbeatMs });
  tabs.push(tab);
  return tab;
}

function collect(tab: Hub, topic: string): unknown[] {
  const seen: unknown[] = [];
  tab.subscribe(topic).on('message', ({ payload }) => seen.push(payload));
  return seen;
}

/** The same, once the subscription is live. */
async function collectLive(tab: Hub, topic: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  const subscription = tab.subscribe(topic);
  subscription.on('message', ({ payload }) => seen.push(payload));
  await new Promise((resolve) => subscription.on('live', resolve));
  return seen;
}

const areOpen = (): Promise<boolean> =>
  until(() => tabs.every(({ state }) => state.name === 'open') && server.open === 1);

describe('tabs with share', () => {
  it('use one connection, and each receives its own messages', async () => {
    const five = Array.from({ length: 5 }, () => open());
    const seen = await Promise.all(five.map((tab, index) => collectLive(tab, `t${index % 3}`)));
    await areOpen();
    await until(() => server.requests.at(-1)?.url?.match(/topic=/g)?.length === 3);
    for (let n = 1; n <= 3; n++) for (const topic of ['t0', 't1', 't2']) server.publish(topic, n);
    await until(() => seen.every(({ length }) => length === 3));
    expect(seen).toEqual(five.map(() => [1, 2, 3]));
    expect(server.open).toBe(1);
  });

  it('continue without loss when the tab with the connection closes', async () => {
    const [first, second, third] = [open(), open(), open()];
    const seen = [second, third].map((tab) => collect(tab, 'a'));
    collect(first, 'a');
    await areOpen();
    let sent = 0;
    const publishing = setInterval(() => server.publish('a', ++sent), 2);
    await until(() => sent > 20);
    first.close();
    tabs.shift();
    const [before] = [sent];
    await until(() => sent > before + 50 && server.open === 1);
    second.close();
    tabs.shift();
    const later = sent;
    await until(() => sent > later + 50);
    clearInterval(publishing);
    const [, last = []] = seen;
    await until(() => last.at(-1) === sent);
    const from = Number(last[0]);
    expect(last).toEqual(Array.from({ length: sent - from + 1 }, (_, i) => from + i));
  });

  it('join an existing connection at its position', async () => {
    const seen = await collectLive(open(), 'a');
    server.publish('a', 1);
    await until(() => seen.length === 1);
    const joined = await collectLive(open(), 'a');
    server.publish('a', 2);
    await until(() => joined.length === 1 && seen.length === 2);
    expect([seen, joined]).toEqual([[1, 2], [2]]);
    expect(server.requests).toHaveLength(1);
  });

  it('drop the topics of a tab when it closes', async () => {
    collect(open(), 'a');
    const second = open();
    collect(second, 'b');
    await areOpen();
    await until(() => server.requests.at(-1)?.url?.match(/topic=/g)?.length === 2);
    second.close();
    tabs.pop();
    await until(() => server.requests.at(-1)?.url?.match(/topic=/g)?.length === 1);
    await until(() => server.open === 1);
  });

  it('receive the refusals of their own topics only', async () => {
    server.refuse = (_request, topics) =>
      topics.includes('secret') ? { status: 403, message: 'Forbidden topic' } : undefined;
    const seen = collect(open(), 'a');
    await areOpen();
    const errors: string[] = [];
    open()
      .subscribe('secret')
      .on('error', ({ message }) => errors.push(message));
    await until(() => errors.length === 1);
    server.publish('a', 1);
    await until(() => seen.length === 1);
  });

  it('each start with their own state', async () => {
    server.publish('a', 'old');
    collect(open(), 'b');
    await areOpen();
    const seen: unknown[] = [];
    const subscription = open().subscribe('a', { start: 'last' });
    subscription.on('message', ({ payload }) => seen.push(payload));
    await until(() => seen.length === 1);
    await until(() => server.requests.at(-1)?.url?.includes('topic=a') === true);
    server.publish('a', 'new');
    await until(() => seen.length === 2);
    expect(seen).toEqual(['old', 'new']);
  });
});
