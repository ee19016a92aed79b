import { createServer } from 'node:net';
import { listen } from './listen.js';

const loopback = { host: '127.0.0.1', portSetting: 'PORT' } as const;

it('resolves to the port that it was given', async () => {
  const server = createServer();
  expect(await listen(server, { ...loopback, port: 0 })).toBeGreaterThan(0);
  server.close();
});

it('names the setting and the remedy if the port is in use', async () => {
  const first = createServer();
  const port = await listen(first, { ...loopback, port: 0 });
  await expect(
    listen(createServer(), { ...loopback, port, portSetting: 'MANAGEMENT_PORT' }),
  ).rejects.toThrow(
    `MANAGEMENT_PORT ${port} on 127.0.0.1 is in use by another program: stop it, or choose a free port.`,
  );
  first.close();
});

it('names a host that is not local', async () => {
  await expect(
    listen(createServer(), { host: '192.0.2.1', port: 0, portSetting: 'PORT' }),
  ).rejects.toThrow(/^HOST 192\.0\.2\.1 is not an address of this machine/);
});
