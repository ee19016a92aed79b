import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { disposeAtEnd } from './disposal.js';

/**
 * A TCP proxy on loopback that can fail like a network. Ends with the test file.
 *
 * Connections are destroyed, not reset: Node's `resetAndDestroy` first ends the socket, which waits
 * for a peer that does not read; destroyed meanwhile, it keeps its descriptor, and the process spins
 * at its exit for ever (Node 24).
 */
export class TcpProxy {
  /** Number of accepted connections since the start. */
  accepted = 0;
  private mode: 'open' | 'cut' | 'black-hole' = 'open';
  private readonly pairs = new Set<readonly [Socket, Socket]>();

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly port: number; readonly host: string },
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** Listens on a free port and forwards to `port`. */
  static start(port: number, host = '127.0.0.1'): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true });
    const proxy = new TcpProxy(server, { port, host });
    disposeAtEnd(() => proxy.close());
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(proxy));
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The URL with a scheme: `proxy.url('nats')`. */
  url(scheme = 'http'): string {
    return `${scheme}://127.0.0.1:${this.port}`;
  }

  /** Open connections. */
  get connections(): number {
    return this.pairs.size;
  }

  /** Cuts all connections; new ones are accepted and forwarded as before. */
  dropConnections(): void {
    for (const pair of this.pairs) {
      for (const end of pair) end.destroy();
      this.pairs.delete(pair);
    }
  }

  /** Cuts all connections, and every new one, until `restore`. */
  cut(): void {
    this.mode = 'cut';
    this.dropConnections();
  }

  /** Connections stay open, but nothing is forwarded in either direction, until `restore`. */
  blackHole(): void {
    this.mode = 'black-hole';
    this.freezeOpen();
  }

  /** Open connections stay open, but forward nothing any more. New ones work. */
  freezeOpen(): void {
    for (const [client, upstream] of this.pairs) {
      client.unpipe(upstream).pause();
      upstream.unpipe(client).pause();
    }
  }

  /** Forwards again; data held in a black hole arrives late, as after a network pause. */
  restore(): void {
    const wasBlackHole = this.mode === 'black-hole';
    this.mode = 'open';
    if (!wasBlackHole) return;
    for (const [client, upstream] of this.pairs) {
      // One end was closed meanwhile, and the other could not notice it.
      if (client.destroyed || upstream.destroyed)
        [client, upstream].forEach((end) => end.destroy());
      else join(client, upstream);
    }
  }

  async close(): Promise<void> {
    this.dropConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(client: Socket): void {
    this.accepted += 1;
    if (this.mode === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(this.target);
    const pair = [client, upstream] as const;
    this.pairs.add(pair);
    for (const [one, other] of [pair, [upstream, client] as const]) {
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        if (this.mode !== 'black-hole') other.destroy();
        if (other.destroyed) this.pairs.delete(pair);
      });
    }
    if (this.mode === 'open') join(client, upstream);
  }
}

function join(client: Socket, upstream: Socket): void {
  client.pipe(upstream);
  upstream.pipe(client);
}
