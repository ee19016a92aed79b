import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createAccount,
  createOperator,
  createUser,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
} from '@nats-io/jwt';
import {
  JetStreamNatsClient,
  NatsConnectError,
  type NatsEvent,
  type NatsOptions,
} from '@nuts/nats';
import { freePort } from '../../support/free-port.js';
import { startNats, startNatsCluster, type NatsServer } from '../../support/nats/index.js';
import { until } from '../../support/until.js';
import { TestAuthority } from './certificates.js';
import { FakeNats } from './fake-nats.js';

const SECRET = 'S3CRETtokenS3CRET';

jest.setTimeout(20_000);

describe('connecting to NATS', () => {
  const home = mkdtempSync(join(tmpdir(), 'nuts-connect-'));
  const clients: JetStreamNatsClient[] = [];
  const servers: NatsServer[] = [];

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const file = (name: string, content: string): string => {
    const path = join(home, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };

  const start = async (options: Parameters<typeof startNats>[0]): Promise<NatsServer> => {
    const server = await startNats(options);
    servers.push(server);
    return server;
  };

  const connect = (options: NatsOptions): JetStreamNatsClient => {
    const client = new JetStreamNatsClient({ reconnectWaitMs: 50, ...options });
    clients.push(client);
    return client;
  };

  /** Connects and sends a request; rejects as `ready` does. */
  const works = async (options: NatsOptions): Promise<void> => {
    const client = connect(options);
    await client.ready;
    const none = client.streamFacts('NONE');
    await expect(none).rejects.toMatchObject({ kind: 'stream_not_found' });
  };

  /** The startup error. It must not contain the secret, however it is printed. */
  const refusal = async (options: NatsOptions): Promise<NatsConnectError> => {
    const client = connect(options);
    const error = await client.ready.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(NatsConnectError);
    expect(client.status).toBe('closed');
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('S3CRET');
    expect(String((error as Error).cause)).not.toContain('S3CRET');
    return error as NatsConnectError;
  };

  describe('authentication', () => {
    it('by token: as a setting and in the URL; refused ones name the setting', async () => {
      const server = await start({ config: `authorization { token: "${SECRET}" }` });
      const host = server.url.slice('nats://'.length);
      await works({ servers: [server.url], token: SECRET });
      await works({ servers: [`nats://${SECRET}@${host}`] });
      const wrong = await refusal({ servers: [server.url], token: 'wrongS3CRET' });
      expect(wrong).toMatchObject({
        kind: 'credentials_refused',
        message: expect.stringContaining('nats_token') as string,
      });
      const wrongUrl = await refusal({ servers: [`nats://wrongS3CRET@${host}`] });
      expect(wrongUrl.kind).toBe('credentials_refused');
      const none = await refusal({ servers: [server.url] });
      expect(none.message).toContain('none of them is set');
    });

    it('by user and password: as settings and in the URL', async () => {
      const server = await start({
        config: `authorization { users: [{ user: "u", password: "${SECRET}@/:" }] }`,
      });
      const host = server.url.slice('nats://'.length);
      await works({ servers: [host], user: 'u', password: `${SECRET}@/:` });
      await works({ servers: [`nats://u:${encodeURIComponent(`${SECRET}@/:`)}@${host}`] });
      const wrong = await refusal({ servers: [host], user: 'u', password: 'wrongS3CRET' });
      expect(wrong.kind).toBe('credentials_refused');
      expect(wrong.message).toContain('nats_user and nats_password');
      const wrongUrl = await refusal({ servers: [`nats://u:wrongS3CRET@${host}`] });
      expect(wrongUrl.message).toContain('see nats_url.');
    });

    it('by NKey seed', async () => {
      const [known, stranger] = [createUser(), createUser()];
      const server = await start({
        config: `authorization { users: [{ nkey: "${known.getPublicKey()}" }] }`,
      });
      const seedOf = (pair: typeof known): string => Buffer.from(pair.getSeed()).toString();
      const options = { servers: [server.url] };
      await works({ ...options, nkeySeedFile: file('good.nk', `# a key\n${seedOf(known)}\n`) });
      const nkeySeedFile = file('stranger.nk', seedOf(stranger));
      const wrong = await refusal({ ...options, nkeySeedFile });
      expect(wrong).toMatchObject({ kind: 'credentials_refused' });
      expect(wrong.message).toContain('nats_nkey');
      expect(wrong.message).not.toContain(seedOf(stranger));
      const broken = await refusal({ ...options, nkeySeedFile: file('bad.nk', 'SUS3CRET') });
      expect(broken).toMatchObject({ kind: 'bad_option' });
      const missing = await refusal({ ...options, nkeySeedFile: join(home, 'none.nk') });
      expect(missing.message).toMatch(/cannot be read \(ENOENT\).*nats_nkey/);
    });

    it('by credentials file, with an operator; expired and foreign ones are refused', async () => {
      const [operator, account, user] = [createOperator(), createAccount(), createUser()];
      const system = createAccount();
      const unlimited = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
      const limits = { ...unlimited, subs: -1, conn: -1, data: -1, payload: -1 };
      const [operatorJwt, systemJwt, accountJwt] = await Promise.all([
        encodeOperator('O', operator, { system_account: system.getPublicKey() }),
        encodeAccount('SYS', system, {}, { signer: operator }),
        encodeAccount('A', account, { limits }, { signer: operator }),
      ]);
      const credsOf = async (signer: typeof account, exp?: number): Promise<string> => {
        const jwt = await encodeUser('U', user, signer, {}, exp === undefined ? {} : { exp });
        return Buffer.from(fmtCreds(jwt, user)).toString();
      };
      const server = await start({
        files: { 'operator.jwt': operatorJwt },
        config: (directory) => `operator: "${directory}/operator.jwt"
          resolver: MEMORY
          resolver_preload: {
            ${system.getPublicKey()}: "${systemJwt}"
            ${account.getPublicKey()}: "${accountJwt}"
          }`,
      });
      const good = await credsOf(account);
      const options = { servers: [server.url] };
      await works({ ...options, credentialsFile: file('good.creds', good) });
      const windows = good.replaceAll('\n', '\r\n');
      await works({ ...options, credentialsFile: file('windows.creds', windows) });
      const hourAgo = Math.floor(Date.now() / 1000) - 3600;
      for (const [name, text] of [
        ['expired', await credsOf(account, hourAgo)],
        ['foreign', await credsOf(createAccount())],
      ] as const) {
        const wrong = await refusal({ ...options, credentialsFile: file(`${name}.creds`, text) });
        expect(wrong).toMatchObject({ kind: 'credentials_refused' });
        expect(wrong.message).toContain('nats_credentials');
      }
      const broken = await refusal({ ...options, credentialsFile: file('b.creds', 'S3CRET') });
      expect(broken).toMatchObject({ kind: 'bad_option' });
      expect(broken.message).toContain('nats_credentials');
    });

    it('continues to try if credentials are refused later, and uses a rotated file', async () => {
      const events: NatsEvent[] = [];
      const rotated = join(home, 'rotated.nk');
      const [first, second] = [createUser(), createUser()];
      const byKey = (pair: typeof first): string =>
        `authorization { users: [{ nkey: "${pair.getPublicKey()}" }] }`;
      const server = await start({ config: byKey(first) });
      writeFileSync(rotated, first.getSeed());
      const client = connect({ servers: [server.url], nkeySeedFile: rotated });
      client.events$.subscribe((event) => events.push(event));
      await client.ready;
      await server.reload(byKey(second));
      await until(() =>
        events.some((e) => e.type === 'attempt_failed' && e.error.kind === 'credentials_refused'),
      );
      expect(client.status).toBe('disconnected');
      writeFileSync(rotated, second.getSeed());
      await until(() => client.status === 'connected');
    });
  });

  describe('TLS', () => {
    let ca: TestAuthority;
    let files: Record<string, string>;
    let caFile: string;
    beforeAll(async () => {
      ca = await TestAuthority.create();
      const [good, expired] = await Promise.all([ca.issue(), ca.issue({ expired: true })]);
      files = {
        'ca.pem': ca.pem,
        'cert.pem': good.cert,
        'key.pem': good.key,
        'expired.pem': expired.cert,
        'expired-key.pem': expired.key,
      };
      caFile = file('ca.pem', ca.pem);
    });
    const tlsConfig =
      (cert: string, key: string, more = '') =>
      (directory: string): string =>
        `tls { cert_file: "${directory}/${cert}", key_file: "${directory}/${key}" ${more} }`;

    it('checks the certificate against the CA, and names the setting to check', async () => {
      const server = await start({ files, config: tlsConfig('cert.pem', 'key.pem') });
      const address = server.url.slice('nats://'.length);
      await works({ servers: [`tls://${address}`], tls: { caFile } });
      await works({ servers: [`nats://localhost:${server.port}`], tls: { caFile } });
      await works({ servers: [server.url], tls: { insecureSkipVerify: true } });
      const foreign = await TestAuthority.create('CN=Foreign');
      for (const tls of [undefined, {}, { caFile: file('foreign.pem', foreign.pem) }]) {
        const options = tls === undefined ? {} : { tls };
        const error = await refusal({ servers: [`tls://${address}`], ...options });
        expect(error).toMatchObject({ kind: 'tls_failed' });
        expect(error.message).toContain('nats_tls_ca');
      }
      const unreadable = { caFile: join(home, 'none.pem') };
      const missing = await refusal({ servers: [server.url], tls: unreadable });
      expect(missing).toMatchObject({ kind: 'bad_option' });
      expect(missing.message).toContain('nats_tls_ca');
    });

    it('refuses an expired certificate', async () => {
      const server = await start({ files, config: tlsConfig('expired.pem', 'expired-key.pem') });
      const error = await refusal({ servers: [server.url], tls: { caFile } });
      expect(error).toMatchObject({ kind: 'tls_failed' });
      expect(error.message).toContain('CERT_HAS_EXPIRED');
    });

    it('refuses a certificate for another name', async () => {
      const other = await ca.issue({ name: 'elsewhere.example' });
      const server = await start({
        files: { 'cert.pem': other.cert, 'key.pem': other.key },
        config: tlsConfig('cert.pem', 'key.pem'),
      });
      const error = await refusal({ servers: [`tls://localhost:${server.port}`], tls: { caFile } });
      expect(error).toMatchObject({ kind: 'tls_failed' });
    });

    it('refuses a server without TLS if TLS is required', async () => {
      const server = await start({});
      const error = await refusal({ servers: [server.url.replace('nats:', 'tls:')] });
      expect(error).toMatchObject({ kind: 'tls_failed' });
      expect(error.message).toContain('does not support TLS');
    });

    it('sends a client certificate, and reports that the server requires one', async () => {
      const more = `, ca_file: "FILES/ca.pem", verify: true`;
      const server = await start({
        files,
        config: (directory) =>
          tlsConfig('cert.pem', 'key.pem', more.replace('FILES', directory))(directory),
      });
      const mine = await ca.issue({ name: 'client' });
      const certFile = file('client.pem', mine.cert);
      const keyFile = file('client-key.pem', mine.key);
      await works({ servers: [server.url], tls: { caFile, certFile, keyFile } });
      const without = await refusal({ servers: [server.url], tls: { caFile } });
      expect(without).toMatchObject({ kind: 'tls_failed' });
      expect(without.message).toContain('nats_tls_cert');
      const mixed = { caFile, certFile, keyFile: file('other-key.pem', (await ca.issue()).key) };
      const mismatch = await refusal({ servers: [server.url], tls: mixed });
      expect(mismatch).toMatchObject({ kind: 'tls_failed' });
    });

    it('works over WebSockets, plain and TLS, with the same settings', async () => {
      const [plain, secure] = [await freePort(), await freePort()];
      const authorization = `authorization { token: "${SECRET}" }`;
      await start({
        ports: [plain],
        config: (_directory, host) =>
          `${authorization}\nwebsocket { listen: "${host}:${plain}", no_tls: true }`,
      });
      await start({
        files,
        ports: [secure],
        config: (directory, host) => `${authorization}
          websocket { listen: "${host}:${secure}", ${tlsConfig('cert.pem', 'key.pem')(directory)} }`,
      });
      await works({ servers: [`ws://127.0.0.1:${plain}`], token: SECRET });
      await works({ servers: [`ws://${SECRET}@127.0.0.1:${plain}`] });
      const wrong = await refusal({ servers: [`ws://127.0.0.1:${plain}`], token: 'wrongS3CRET' });
      expect(wrong).toMatchObject({ kind: 'credentials_refused' });
      await works({ servers: [`wss://127.0.0.1:${secure}`], token: SECRET, tls: { caFile } });
      await works({ servers: [`wss://localhost:${secure}`], token: SECRET, tls: { caFile } });
      const untrusted = await refusal({ servers: [`wss://localhost:${secure}`], token: SECRET });
      expect(untrusted).toMatchObject({ kind: 'tls_failed' });
      expect(untrusted.message).toContain('nats_tls_ca');
    });
  });

  describe('server addresses', () => {
    it('stays alive and continues to try while no server answers, also at startup', async () => {
      const port = await freePort();
      const client = connect({ servers: [`nats://u:S3CRET@127.0.0.1:${port}`] });
      const failures: NatsConnectError[] = [];
      client.events$.subscribe((event) => {
        if (event.type === 'attempt_failed') failures.push(event.error);
      });
      await until(() => failures.length >= 3);
      expect(client.status).toBe('connecting');
      expect(failures[0]).toMatchObject({ kind: 'unreachable' });
      expect(failures[0]?.message).toContain(`127.0.0.1:${port}`);
      expect(failures.map(String).join()).not.toContain('S3CRET');
      await expect(client.streamFacts('A')).rejects.toMatchObject({ kind: 'disconnected' });
    });

    it('gives up on a server that accepts and never responds, and leaves no socket', async () => {
      const silent: Server = createServer();
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as AddressInfo;
      const client = connect({ servers: [`127.0.0.1:${port}`], connectTimeoutMs: 100 });
      const failures: NatsEvent[] = [];
      client.events$.subscribe((event) => failures.push(event));
      await until(() => failures.length >= 3);
      await client.close();
      const open = (): Promise<number> =>
        new Promise((resolve) => silent.getConnections((_error, count) => resolve(count)));
      await until(async () => (await open()) === 0);
      silent.close();
    });

    it('skips servers that are down, or that refuse the connection', async () => {
      const good = await start({ config: `authorization { token: "${SECRET}" }` });
      const bad = await start({ config: 'authorization { token: "another" }' });
      const away = `127.0.0.1:${await freePort()}`;
      await works({ servers: [away, bad.url, good.url], token: SECRET });
    });

    it('finds the other servers of a cluster when its own server dies', async () => {
      const cluster = await startNatsCluster(3);
      const [first] = cluster.servers;
      const client = connect({ servers: [first?.url ?? ''], reconnectWaitMs: 50 });
      await client.ready;
      expect(client.server?.name).toBe(first?.name);
      await first?.kill();
      // It may reconnect before the disconnect is visible.
      await until(() => client.status === 'connected' && client.server?.name !== first?.name);
      await client.close();
      await cluster.stop();
    });

    it.each([0, 2])('ends when its %i reconnect attempts are used up', async (maxReconnects) => {
      const server = await start({});
      const client = connect({ servers: [server.url], maxReconnects, reconnectWaitMs: 20 });
      const events: string[] = [];
      client.events$.subscribe(({ type }) => events.push(type));
      await client.ready;
      await server.kill();
      await until(() => client.status === 'closed');
      expect(events).toEqual([
        'connect',
        'disconnect',
        ...Array.from({ length: maxReconnects }, () => 'attempt_failed'),
        'closed',
      ]);
    });

    it('reports lame duck mode, refusals and the reason of a disconnect', async () => {
      const fake = await FakeNats.start();
      const client = connect({ servers: [fake.url], maxReconnects: 0 });
      const events: NatsEvent[] = [];
      client.events$.subscribe((event) => events.push(event));
      await client.ready;
      fake.info({ ldm: true });
      await until(() => events.some(({ type }) => type === 'lame_duck'));
      fake.say(`-ERR 'Permissions Violation for Publish to "a.b"'\r\n`);
      await until(() => events.some((e) => e.type === 'async_error' && e.message.includes('a.b')));
      fake.say(`-ERR 'Slow Consumer'\r\n`);
      await fake.stop();
      await until(() => client.status === 'closed');
      expect(events.find(({ type }) => type === 'disconnect')).toMatchObject({
        reason: expect.stringContaining('Slow Consumer') as string,
      });
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'async_error', kind: 'slow_consumer' }),
      );
    });

    it('reports its name, and its server', async () => {
      const server = await start({ monitor: true, name: 'duck' });
      const client = connect({ servers: [server.url], name: 'nuts_named' });
      await client.ready;
      expect(client.server).toEqual({ version: server.version, name: 'duck' });
      const answer = await fetch(`${server.monitor}/connz`);
      const { connections } = (await answer.json()) as { connections: { name: string }[] };
      expect(connections.map(({ name }) => name)).toEqual(['nuts_named']);
    });

    it.each([
      [['http://n1'], /nats_url/],
      [['ws://127.0.0.1:1', 'nats://127.0.0.1:1'], /cannot be mixed/],
      [[], /nats_url/],
    ])('rejects the list %j', async (list, message) => {
      const error = await refusal({ servers: list });
      expect(error).toMatchObject({ kind: 'bad_option' });
      expect(error.message).toMatch(message);
    });
  });
});
