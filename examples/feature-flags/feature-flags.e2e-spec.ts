import { EventSource } from 'eventsource';
import { connect, type KV } from 'nats';
import { startHubs } from '../../test/e2e/hubs/hubs-app.js';
import { disposeAtEnd } from '../../test/support/disposal.js';
import { type NatsServer, startNats } from '../../test/support/nats/index.js';
import { until } from '../../test/support/until.js';
import { Flags } from './page/flags.js';

let nats: NatsServer;
let kv: KV;
let url: string;
beforeAll(async () => {
  nats = await startNats();
  const connection = await connect({
    servers: nats.url,
    reconnectTimeWait: 50,
    maxReconnectAttempts: -1,
  });
  disposeAtEnd(() => connection.close());
  kv = await connection.jetstream().views.kv('flags', { history: 5 });
  await kv.put('dark-mode', 'true');
  await kv.put('team/search', 'false');
  await kv.put('retired', 'true');
  await kv.delete('retired');
  url = `${(await startHubs('examples/feature-flags/flags.yaml', { NATS_URL: nats.url })).url}/flags`;
});

async function openFlags(): Promise<Flags> {
  const flags = new Flags(url, { EventSource });
  disposeAtEnd(() => flags.close());
  await flags.ready;
  return flags;
}

it('has all flags at once, and then every change', async () => {
  const flags = await openFlags();
  expect(flags.entries()).toEqual([
    ['dark-mode', true],
    ['team/search', false],
  ]);
  await kv.put('team/search', 'true');
  await kv.delete('dark-mode');
  await until(() => flags.get('team/search') === true && flags.get('dark-mode') === undefined);
});

it('changes known flags and ignores unknown ones', async () => {
  await kv.put('dark-mode', 'true');
  const [here, there] = await Promise.all([openFlags(), openFlags()]);
  const stored = await Promise.all([here.set('dark-mode', 1), there.set('dark-mode', 2)]);
  expect(stored.filter(Boolean)).toHaveLength(1);
  const winner = stored[0] ? 1 : 2;
  await until(() => here.get('dark-mode') === winner && there.get('dark-mode') === winner);
  expect(await here.remove('dark-mode')).toBe(true);
  await until(() => there.get('dark-mode') === undefined);
  expect(await there.set('dark-mode', false)).toBe(true);
});

it('has the current flags again after an outage', async () => {
  const flags = await openFlags();
  await nats.restart();
  await until(async () => (await kv.put('after', '"outage"')) > 0);
  await until(() => flags.get('after') === 'outage', { timeoutMs: 20_000 });
});
