import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { disposeAtEnd } from '../support/disposal.js';

/** A TCP connection that sends any bytes and records what it receives. */
export class RawConnection {
  /** All received bytes in Latin-1: each byte is one character. */
  received = '';
  /** The server has closed or cut it. */
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1').on('data', (chunk: string) => (this.received += chunk));
    socket.on('error', () => undefined);
    for (const end of ['end', 'close']) socket.once(end, () => (this.closed = true));
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const connection = new RawConnection(socket);
    disposeAtEnd(() => void socket.destroy());
    await once(socket, 'connect');
    return connection;
  }

  /** Sends bytes given as latin1. */
  send(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'));
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.received)?.[1]);
  }

  /** Names of the first response's headers, in lower case. */
  get headerNames(): string[] {
    const [head = ''] = this.received.split('\r\n\r\n');
    return head
      .split('\r\n')
      .slice(1)
      .map((line) => (line.split(':')[0] ?? '').toLowerCase());
  }
}
