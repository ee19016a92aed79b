import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { hexPort, sendQueueOf, socketKey, tableLines } from './proc-net-tcp.js';
import { StallWatch } from './stall-watch.js';

const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

describe('sendQueueOf', () => {
  const ports = new Set([hexPort(8080)]);
  const table =
    HEADER +
    '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1\n' +
    '   1: 0100007F:1F90 0100007F:D431 01 00001A2B:00000000 01:00000014 00000000     0        0 2 1\n' +
    '   2: 0100007F:0016 0100007F:D432 01 00000007:00000000 01:00000014 00000000     0        0 3 1\n' +
    '10003: B80D01200000000000FF000029834200:1F90 B80D01200000000000FF000029834200:0001 01 00000003:00000000 01';

  it('reads the send queues of the connections of a port', () => {
    const queues = [...tableLines(table)].map((line) => sendQueueOf(line, ports));
    expect(queues).toEqual([
      { key: '1F90 00000000:0000', bytes: 0 },
      { key: socketKey(8080, '127.0.0.1', 0xd431), bytes: 0x1a2b },
      undefined,
      { key: socketKey(8080, '2001:db8::ff00:42:8329', 1), bytes: 3 },
    ]);
  });

  it('returns nothing for an empty table', () => {
    expect([...tableLines(HEADER), ...tableLines('')]).toEqual([]);
  });

  it.each([
    ['127.0.0.1', '0100007F'],
    ['::ffff:127.0.0.1', '0000000000000000FFFF00000100007F'],
    ['::1', '00000000000000000000000001000000'],
    ['2001:db8::ff00:42:8329', 'B80D01200000000000FF000029834200'],
    ['fe80::1%eth0', '000080FE000000000000000001000000'],
  ])('writes %s as the kernel does', (address, expected) => {
    expect(socketKey(80, address, 255)).toBe(`0050 ${expected}:00FF`);
  });

  it('has no key for an invalid address', () => {
    expect(socketKey(80, '', 1)).toBeUndefined();
  });
});

describe('StallWatch', () => {
  let server: Server;
  let ours: Socket;
  let theirs: Socket;
  let clock = 0;
  const hasTables = process.platform === 'linux';

  beforeEach(async () => {
    clock = 0;
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    theirs = connect((server.address() as { port: number }).port, '127.0.0.1').pause();
    [ours] = (await once(server, 'connection')) as [Socket];
  });
  afterEach(() => {
    theirs.destroy();
    ours.destroy();
    server.close();
  });

  const watch = (): StallWatch =>
    new StallWatch(
      1_000_000,
      (path) => readFile(path, 'latin1'),
      () => clock,
    );

  it('accepts a client that acknowledged everything', async () => {
    const stalls = watch();
    const watched = stalls.watch(ours);
    await new Promise<void>((resolve) => ours.write('hello', () => resolve()));
    clock = 5000;
    await stalls.sample();
    clock = 9000;
    while (watched.stalledMs > 0) await stalls.sample();
    watched.release();
    expect(stalls.size).toBe(0);
  });

  it('counts the time in which the peer acknowledges nothing, and starts again when it does', async () => {
    const stalls = watch();
    const watched = stalls.watch(ours);
    ours.write(Buffer.alloc(32 * 1024 * 1024));
    const sampled = async (): Promise<number> => {
      clock += 1000;
      await stalls.sample();
      return watched.stalledMs;
    };
    // The kernel buffers fill first; from then on there is no progress.
    while ((await sampled()) < 5000) await new Promise((resolve) => setTimeout(resolve, 20));
    const before = watched.stalledMs;
    clock += 7000;
    await stalls.sample();
    expect(watched.stalledMs).toBe(before + 7000);
    if (!hasTables) return;
    // A part of it: the rest still waits for the peer.
    theirs.on('data', () => theirs.bytesRead > 4 * 1024 * 1024 && theirs.pause()).resume();
    while ((await sampled()) >= before);
    expect(ours.writableLength).toBeGreaterThan(0);
  });

  it('does not treat bytes written meanwhile as progress of the peer', async () => {
    const address = { localPort: 80, remoteAddress: '127.0.0.1', remotePort: 255 };
    const silent = { ...address, bytesWritten: 1000, writableLength: 0 };
    let reads = 0;
    const readTable = (path: string): Promise<string> => {
      silent.bytesWritten += [30, 10, 40, 20, 15][reads++ % 5] ?? 0;
      if (path.endsWith('6')) return Promise.reject(new Error('no IPv6'));
      const queue = silent.bytesWritten.toString(16).padStart(8, '0');
      return Promise.resolve(`${HEADER} 0: 00:0050 0100007F:00FF 01 ${queue}:00000000 01\n`);
    };
    const stalls = new StallWatch(1_000_000, readTable, () => clock);
    const watched = stalls.watch(silent as unknown as Socket);
    for (; clock <= 40_000; clock += 5000) await stalls.sample();
    expect(watched.stalledMs).toBeGreaterThanOrEqual(25_000);
    watched.release();
  });

  it('uses what Node handed over if there is no /proc', async () => {
    const stalls = new StallWatch(
      1_000_000,
      () => Promise.reject(new Error('no such file')),
      () => clock,
    );
    const watched = stalls.watch(ours);
    ours.write(Buffer.alloc(32 * 1024 * 1024));
    await stalls.sample();
    clock = 3000;
    await stalls.sample();
    expect(watched.stalledMs).toBeGreaterThanOrEqual(0);
    theirs.resume();
    while (ours.writableLength > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await stalls.sample();
    expect(watched.stalledMs).toBe(0);
  });
});
