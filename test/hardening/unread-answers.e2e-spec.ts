import { INSPECTED, Inspector } from '../chaos/inspector.js';
import { Rig } from '../chaos/rig.js';
import { startApp, startStream } from '../contract/contract-app.js';
import { until } from '../support/until.js';
import { RawConnection } from './raw-connection.js';

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

describe('requests pipelined behind one that takes long', () => {
  it('hold little memory', async () => {
    const rig = await Rig.start({
      nodeArguments: [...INSPECTED, '--expose-gc'],
      env: {
        CONSOLE: 'true',
        SERVICES_PATH: '/services',
        SERVICES_SUBJECT_PREFIX: 'services.',
        REQUEST_ANONYMOUS: 'true',
        REQUEST_TIMEOUT: '60',
      },
    });
    let asked = 0;
    rig.broker.connection.subscribe('services.silent', { callback: () => asked++ });
    await rig.broker.connection.flush();
    const inspector = await Inspector.attach(rig.service);
    const pending = 'POST /services/silent HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';
    const attack = async (connections: number, path: string): Promise<void> => {
      const before = asked;
      for (let i = 0; i < connections; i += 1) {
        const connection = await RawConnection.open(rig.service.url);
        connection.send(pending + get(path).repeat(15));
      }
      await until(() => asked === before + connections);
      await (await fetch(`${rig.service.url}/metrics`)).text();
    };
    await attack(5, '/metrics');
    for (const path of ['/metrics', '/console', '/readyz', '/missing']) {
      const before = await inspector.held();
      await attack(20, path);
      const each = ((await inspector.held()) - before) / 20_000;
      // Rendered at once, 15 answers of `/metrics` took 460 to 620 KB.
      expect(each).toBeLessThan(250);
    }
  });
});

it('metrics that a client does not read end its connection after write_timeout', async () => {
  const stream = await startStream();
  // 590 KB each: sixteen are more than the kernel takes.
  const app = await startApp(stream, { WRITE_TIMEOUT: '1' }, (options) => ({
    ...options,
    hubs: Array.from({ length: 100 }, (_, i) =>
      options.hubs.map((hub) => ({ ...hub, name: `/hub-${i}`, path: `/hub-${i}` })),
    ).flat(),
  }));
  const connection = await RawConnection.open(app.url);
  connection.socket.pause();
  connection.send(get('/metrics').repeat(16));
  const drops = setInterval(() => connection.send('\r\n'), 300);
  await until(() => connection.socket.destroyed, { timeoutMs: 20_000 });
  clearInterval(drops);
});
