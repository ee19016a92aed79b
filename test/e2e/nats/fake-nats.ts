import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * Says what a real server says only at the worst of times. It greets, answers pings, and leaves the
 * rest to the test.
 */
export class FakeNats {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      socket.on('data', (chunk) => {
        for (let i = chunk.toString().split('PING\r\n').length; i > 1; i--)
          socket.write('PONG\r\n');
      });
      this.info({});
    });
  }

  static async start(): Promise<FakeNats> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeNats(server);
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sends an INFO message to every client. */
  info(more: object): void {
    const info = { server_id: 'F', version: '2.15.0', proto: 1, headers: true, max_payload: 1e6 };
    this.say(`INFO ${JSON.stringify({ ...info, ...more })}\r\n`);
  }

  say(text: string): void {
    for (const socket of this.sockets) socket.write(text);
  }

  /** Closes every connection, and accepts no more. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
