import { INSPECTED, Inspector } from '../chaos/inspector.js';
import { Rig } from '../chaos/rig.js';
import { until } from '../support/until.js';
import { RawConnection } from './raw-connection.js';

it('a body in chunks of one byte uses no more memory than its bytes', async () => {
  const rig = await Rig.start({
    nodeArguments: [...INSPECTED, '--expose-gc'],
    env: { PUBLISH: 'true', PUBLISH_ANONYMOUS: 'true' },
  });
  const inspector = await Inspector.attach(rig.service);
  const publish = async (bytes: number): Promise<number> => {
    const connection = await RawConnection.open(rig.service.url);
    connection.send('POST /events/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    connection.send(`${'1\r\nx\r\n'.repeat(bytes)}0\r\n\r\n`);
    let most = 0;
    const measure = async (): Promise<boolean> => {
      most = Math.max(most, await inspector.held());
      return connection.status > 0;
    };
    await until(measure, { everyMs: 100, timeoutMs: 30_000, what: () => connection.received });
    expect(connection.status).toBe(201);
    connection.socket.destroy();
    return most;
  };
  const alone = await publish(1000);
  const grown = ((await publish(250_000)) - alone) / 1e6;
  // Kept as Node emits them, they took 40 to 53 MB; gathered, under 1 MB.
  expect(grown).toBeLessThan(12);
});
