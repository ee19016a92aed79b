import { readFileSync } from 'node:fs';
import type { LoggerService } from '@nestjs/common';
import { connect } from 'nats';
import { loadConfiguration } from '../../../src/config/configuration.loader.js';
import { NutsServer } from '../../../src/server/nuts-server.js';
import { disposeAtEnd } from '../../support/disposal.js';
import { startNats } from '../../support/nats/index.js';
import { until } from '../../support/until.js';
import { StreamAdmin } from '../nats/stream-admin.js';
import { FLEET_ENV, listen, presence, untilProcesses } from './fleet-rig.js';

/** The lists of docs/nats-permissions.md: the page and the test cannot drift apart. */
const PAGE = readFileSync('docs/nats-permissions.md', 'utf8');

function section(heading: string): string {
  return PAGE.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
}

function listed(heading: string): string[] {
  return [...section(heading).matchAll(/^\| `([^`]+)` +\|/gm)].map(([, subject]) => subject ?? '');
}

const ofFleet = [...section('With `fleet`').matchAll(/^\| `([^`]+)` +\| (publish|subscribe)/gm)];
const USERS = ['one', 'two', 'bare'] as const;

async function startUsers(): Promise<{ url: string; admin: StreamAdmin }> {
  const list = (direction: string, heading: string, fleet: boolean): string =>
    JSON.stringify([
      ...listed(heading),
      ...ofFleet.flatMap(([, subject, way]) => (fleet && way === direction ? [subject] : [])),
    ]);
  const users = USERS.map(
    (user) => `{ user: ${user}, password: p, permissions: {
      publish: { allow: ${list('publish', 'Publish', user !== 'bare')} },
      subscribe: { allow: ${list('subscribe', 'Subscribe', user !== 'bare')} } } }`,
  );
  const nats = await startNats({
    config: `authorization { users: [{ user: admin, password: p }, ${users.join(', ')}] }`,
  });
  const admin = await StreamAdmin.connect({ servers: nats.url, user: 'admin', pass: 'p' });
  disposeAtEnd(() => admin.close());
  await admin.createStream({ name: 'EVENTS', allow_direct: true });
  return { url: nats.url, admin };
}

async function startAs(
  user: (typeof USERS)[number],
  natsUrl: string,
): Promise<{ url: string; lines: string[] }> {
  const lines: string[] = [];
  const take = (message: unknown): void => {
    lines.push(typeof message === 'string' ? message : JSON.stringify(message));
  };
  const logger: LoggerService = { log: take, error: take, warn: take };
  const options = loadConfiguration({
    ...FLEET_ENV,
    HOST: '127.0.0.1',
    PORT: '0',
    NATS_URL: natsUrl,
    NATS_USER: user,
    NATS_PASSWORD: 'p',
    STREAM_NAME: 'EVENTS',
    TOPIC_PREFIX: 'events.',
    DRAIN_WINDOW: '0.2',
  });
  const server = await NutsServer.start(options, logger);
  disposeAtEnd(() => server.stop());
  await until(async () => (await fetch(`${server.url}/readyz`)).ok);
  return { url: server.url, lines };
}

it('works with exactly the listed permissions, and reports which one is missing', async () => {
  expect(ofFleet).toHaveLength(4);
  const { url: natsUrl, admin } = await startUsers();
  const [one, two] = [await startAs('one', natsUrl), await startAs('two', natsUrl)];
  for (const { url } of [one, two]) await untilProcesses(url, 2);
  const client = await listen(two.url, 'user-7');
  expect((await presence(one.url)).topics['a']?.streams).toBe(1);
  const operator = await connect({ servers: natsUrl, user: 'admin', pass: 'p' });
  disposeAtEnd(() => operator.close());
  const request = JSON.stringify({ subject: 'user-7' });
  const answer = await operator.request('nuts.fleet.shop.close', request);
  expect(answer.json()).toEqual({ closed: 1, processes: 2, answered: 2 });
  await client.ended();
  const found = [];
  for await (const info of await operator.services.client().info('nuts')) found.push(info.id);
  expect(found).toHaveLength(2);
  for (const { lines } of [one, two]) {
    expect(lines.filter((line) => /refuses|Permissions/.test(line))).toEqual([]);
  }

  const bare = await startAs('bare', natsUrl);
  const sentence = (operation: string, subject: string): string =>
    `NATS refuses the ${operation} "${subject}" that fleet needs: allow this account to publish and subscribe nuts.fleet.shop.> and to subscribe $SRV.>, or unset fleet.`;
  for (const expected of [
    sentence('subscription', 'nuts.fleet.shop.state'),
    sentence('publish', 'nuts.fleet.shop.state'),
    sentence('subscription', '$SRV.PING'),
  ]) {
    await until(() => bare.lines.includes(expected), { what: () => bare.lines.join('\n') });
  }
  // Each is logged once, and the process still serves its own clients.
  expect(new Set(bare.lines.filter((line) => line.startsWith('NATS refuses'))).size).toBe(
    bare.lines.filter((line) => line.startsWith('NATS refuses')).length,
  );
  const own = await listen(bare.url, 'user-8');
  expect(await presence(bare.url)).toMatchObject({
    processes: 1,
    answered: 1,
    topics: { a: { streams: 1 } },
  });
  expect(await presence(one.url)).toMatchObject({ processes: 2, answered: 2 });
  expect(await admin.consumers('EVENTS')).toHaveLength(3);
  own.abort();
});
