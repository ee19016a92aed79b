import { createUser } from '@nats-io/jwt';
import { credsAuthenticator, headers as natsHeaders } from 'nats';
import { ec, jwk } from '../../../libs/auth/src/keys/key-pairs.fixture.js';
import {
  type JwksServer,
  startJwksServer,
} from '../../../libs/auth/src/keys/jwks-server.fixture.js';
import { inMs, signToken } from '../../../libs/auth/src/tokens.fixture.js';
import { disposeAtEnd } from '../../support/disposal.js';
import { EventSourceClient } from '../../support/event-source.js';
import { startNats } from '../../support/nats/index.js';
import { RawSse } from '../../support/raw-sse.js';
import { TestAuthority } from '../nats/certificates.js';
import type { StreamAdmin } from '../nats/stream-admin.js';
import { connectAdmin, SettingsFolder, startHubs } from './hubs-app.js';
import { operatorMode } from './initech.fixture.js';

const example = (name: string): string => `examples/hubs/${name}.yaml`;

const publish = async (
  { connection }: StreamAdmin,
  subject: string,
  data: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> => {
  const all = natsHeaders();
  for (const [name, value] of Object.entries(headers)) all.append(name, value);
  return (await connection.jetstream().publish(subject, data, { headers: all })).seq;
};

/** The URL of a key set with one key, and tokens signed with it. */
async function identityProvider(): Promise<{
  jwks: JwksServer;
  token: (claims: object) => string;
}> {
  const pair = ec('P-256');
  const jwks = await startJwksServer();
  jwks.answer = { keys: [jwk(pair.publicKey, { kid: 'k1', alg: 'ES256', use: 'sig' })] };
  disposeAtEnd(() => jwks.close());
  return {
    jwks,
    token: (claims) => signToken('ES256', pair.privateKey, claims, { kid: 'k1' }),
  };
}

describe('examples/hubs', () => {
  it('chat-rooms: rooms, missed messages, and typing notifications', async () => {
    const nats = await startNats();
    const streams = await connectAdmin({ servers: nats.url });
    await streams.createStream({ name: 'CHAT' });
    await streams.createStream({ name: 'TYPING' });
    const app = await startHubs(example('chat-rooms'), { NATS_URL: nats.url });

    const ann = new EventSourceClient(`${app.url}/chat?topic=room-1`);
    const typing = new EventSourceClient(`${app.url}/typing/room-1`);
    await Promise.all([ann.connected(), typing.connected()]);
    await publish(streams, 'chat.room-2', 'not for ann');
    const first = await publish(streams, 'chat.room-1', 'hello');
    await publish(streams, 'typing.room-1', 'bob');
    await Promise.all([ann.waitFor(1), typing.waitFor(1)]);
    ann.close();

    const meanwhile = await publish(streams, 'chat.room-1', 'anybody here?');
    const file = await publish(streams, 'chat.room-1', 'x'.repeat(100_000));
    const back = await RawSse.open(`${app.url}/chat?topic=room-1&last-id=${first}`);
    await back.waitForEvents(3);
    expect(back.events.map(({ event, id }) => [event, id])).toEqual([
      ['connected', String(first)],
      ['message', String(meanwhile)],
      ['gap', String(file)],
    ]);
    const rooms = Array.from({ length: 9 }, (_, i) => `topic=room-${i}`).join('&');
    expect((await RawSse.open(`${app.url}/chat?${rooms}`)).status).toBe(400);
  });

  it('dashboards: three hubs of different formats over one tail', async () => {
    const nats = await startNats();
    const streams = await connectAdmin({ servers: nats.url });
    await streams.createStream({ name: 'METRICS' });
    const app = await startHubs(example('dashboards'), { NATS_URL: nats.url });

    const figures = new EventSourceClient(`${app.url}/figures?topic=cpu.web-1&topic=cpu.web-2`, {
      types: ['cpu.web-1', 'cpu.web-2'],
      headers: { origin: 'https://dashboards.example.com' },
    });
    const explore = new EventSourceClient(`${app.url}/explore?topic=cpu.*`);
    const raw = await RawSse.open(`${app.url}/raw?topic=cpu.web-1`);
    await Promise.all([figures.connected(), explore.connected(), raw.waitForEvents(1)]);
    await publish(streams, 'metrics.cpu.web-1', 't,0.5', { 'Metric-Kind': 'gauge' });
    await publish(streams, 'metrics.cpu.web-2', 't,0.7');
    await publish(streams, 'metrics.cpu.web-3', 't,0.9');
    await Promise.all([
      figures.waitFor(1, 'cpu.web-1'),
      figures.waitFor(1, 'cpu.web-2'),
      explore.waitFor(3),
      raw.waitForEvents(2),
    ]);
    expect(figures.of('message')).toEqual([]);
    expect(explore.data<{ payload: string }>().map(({ payload }) => payload)).toEqual([
      't,0.5',
      't,0.7',
      't,0.9',
    ]);
    expect(raw.events[1]?.raw).toMatch(/^event: gauge\ndata: t,0\.5\nid: 1-\d{19}$/);
    expect(await streams.consumers('METRICS')).toHaveLength(1);
    const allowed = async (origin: string): Promise<string | undefined> => {
      const answer = await RawSse.open(`${app.url}/raw?topic=a`, { headers: { origin } });
      answer.abort();
      return answer.headers['access-control-allow-origin'];
    };
    expect(await allowed('https://dashboards.example.com')).toBe('https://dashboards.example.com');
    expect(await allowed('https://elsewhere.example.com')).toBeUndefined();
  });

  it('tenants: separate accounts, keys and NATS servers', async () => {
    const operator = await operatorMode();
    const idp = await identityProvider();
    const account = (name: string): string =>
      `${name.toUpperCase()} { jetstream: enabled, users: [{ user: ${name}, password: "p-${name}" }] }`;
    const [shared, own] = await Promise.all([
      startNats({ config: `accounts { ${account('acme')}, ${account('globex')} }` }),
      startNats(operator.options),
    ]);
    const [acme, globex, initech] = await Promise.all([
      connectAdmin({ servers: shared.url, user: 'acme', pass: 'p-acme' }),
      connectAdmin({ servers: shared.url, user: 'globex', pass: 'p-globex' }),
      connectAdmin({
        servers: own.url,
        authenticator: credsAuthenticator(Buffer.from(operator.credentials)),
      }),
    ]);
    await acme.createStream({ name: 'ACME' });
    await globex.createStream({ name: 'GLOBEX' });
    await initech.createStream({ name: 'EVENTS', subjects: ['orders.>'] });
    const keys = { acme: 'a'.repeat(32), globex: 'g'.repeat(32) };
    const app = await startHubs(example('tenants'), {
      NATS_URL: shared.url,
      ACME_NATS_PASSWORD: 'p-acme',
      GLOBEX_NATS_PASSWORD: 'p-globex',
      ACME_JWT_KEY: keys.acme,
      GLOBEX_JWT_KEY: keys.globex,
      INITECH_NATS_URL: own.url,
      INITECH_NATS_CREDENTIALS: new SettingsFolder().write('initech.creds', operator.credentials),
      INITECH_JWKS_URL: idp.jwks.url,
    });

    const claims = { subscribe: ['orders.>'], sub: 'ann' };
    const tokens = {
      acme: signToken('HS256', keys.acme, claims),
      globex: signToken('HS256', keys.globex, claims),
      initech: idp.token({ ...claims, iss: 'https://login.initech.example.com/', aud: 'events' }),
    };
    const open = (tenant: string, token: string): Promise<RawSse> =>
      RawSse.open(`${app.url}/tenants/${tenant}/events?topic=orders.new`, {
        headers: { accept: 'text/event-stream', cookie: `session=${token}` },
      });
    const streams = [
      await open('acme', tokens.acme),
      await open('globex', tokens.globex),
      await open('initech', tokens.initech),
    ];
    for (const stream of streams) await stream.waitForEvents(1);
    await publish(acme, 'acme.orders.new', '"for acme"');
    await publish(globex, 'globex.orders.new', '"for globex"');
    await publish(initech, 'orders.new', '"for initech"');
    for (const stream of streams) await stream.waitForEvents(2);
    expect(streams.map(({ events }) => payloadOf(events[1]?.data))).toEqual([
      'for acme',
      'for globex',
      'for initech',
    ]);
    for (const [tenant, token] of [
      ['acme', tokens.globex],
      ['globex', tokens.acme],
      ['initech', tokens.acme],
      ['acme', tokens.initech],
    ] as const) {
      expect((await open(tenant, token)).status).toBe(401);
    }
  });

  it('secured: TLS and NKey to NATS, tokens of an identity provider, a separate management port', async () => {
    const [ca, user, idp] = [await TestAuthority.create(), createUser(), await identityProvider()];
    const [server, client] = await Promise.all([ca.issue(), ca.issue({ name: 'nuts' })]);
    const files = new SettingsFolder();
    const tls = {
      caFile: files.write('ca.pem', ca.pem),
      certFile: files.write('nuts.pem', client.cert),
      keyFile: files.write('nuts.key', client.key),
    };
    files.write('nuts.nk', Buffer.from(user.getSeed()).toString());
    const nats = await startNats({
      files: { 'ca.pem': ca.pem, 'cert.pem': server.cert, 'key.pem': server.key },
      config: (directory) => `
        tls { cert_file: "${directory}/cert.pem", key_file: "${directory}/key.pem",
              ca_file: "${directory}/ca.pem", verify: true }
        authorization { users: [
          { user: admin, password: admin }
          { nkey: "${user.getPublicKey()}", permissions: {
            publish: { allow: ["$JS.API.>"] }, subscribe: { allow: ["_INBOX_nuts.>"] } } }
        ] }`,
    });
    const streams = await connectAdmin({ servers: nats.url, tls, user: 'admin', pass: 'admin' });
    await streams.createStream({ name: 'ORDERS' });
    const app = await startHubs(example('secured'), {
      NATS_URL: nats.url.replace('nats:', 'tls:'),
      SECRETS: files.path,
      JWKS_URL: idp.jwks.url,
      MANAGEMENT_PORT: '0',
    });

    const claims = {
      ...{ iss: 'https://login.example.com/', aud: 'orders', sub: 'ann' },
      ...{ subscribe: ['mine.*'], exp: inMs(600_000) },
    };
    const headersOf = (changed: object = {}): Record<string, string> => ({
      accept: 'text/event-stream',
      origin: 'https://shop.example.com',
      cookie: `__Host-session=${idp.token({ ...claims, ...changed })}`,
    });
    const open = (topic: string, changed: object = {}): Promise<RawSse> =>
      RawSse.open(`${app.url}/events?topic=${topic}`, { headers: headersOf(changed) });
    const stream = await open('mine.new');
    await stream.waitForEvents(1);
    expect(stream.headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example.com',
      'access-control-allow-credentials': 'true',
    });
    await publish(streams, 'orders.mine.new', '1');
    await stream.waitForEvents(2);
    expect(stream.events[1]?.id).toMatch(/^1-\d{19}$/);

    expect((await open('theirs.new')).status).toBe(403);
    expect((await open('mine.new', { aud: 'invoices' })).status).toBe(401);
    expect((await open('mine.new', { exp: inMs(-1000) })).status).toBe(401);
    const more = [];
    for (let i = 0; i < 5; i++) more.push(await open(`mine.${i}`));
    const seventh = await open('mine.7');
    await seventh.ended();
    expect(seventh.body).toContain(': Too many concurrent connections');
    const statusOf = async (url?: string): Promise<number> => (await fetch(url ?? '')).status;
    expect(await statusOf(`${app.url}/metrics`)).toBe(404);
    expect(await statusOf(`${app.managementUrl}/metrics`)).toBe(200);
    for (const each of [stream, ...more]) each.abort();
  });
});

function payloadOf(data = '{}'): unknown {
  return (JSON.parse(data) as { payload?: unknown }).payload;
}
