import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';

/**
 * Maximum number of refused requests pipelined behind a stream before the connection is closed. Each is a
 * queued answer, and Node stops reading a connection with a long queue: a disconnect would go unnoticed.
 */
const MAX_REFUSED_BEHIND_STREAM = 16;

interface OpenConnection {
  readonly stream: ServerResponse;
  refused: number;
}

/**
 * Allows one stream per connection at a time (contract §2). Node dispatches pipelined requests immediately
 * and queues their answers: a request behind an open stream could not be answered, and would hold its
 * resources as long as the stream is open. HTTP/1 only; HTTP/2 streams have sockets of their own.
 */
@Injectable()
export class ConnectionTurns {
  private readonly connections = new WeakMap<Socket, OpenConnection>();

  /** Whether a request is pipelined behind an open stream. Counts such requests. */
  isBehindStream(request: IncomingMessage): boolean {
    const connection = this.connections.get(request.socket);
    if (connection === undefined || connection.stream.writableEnded) return false;
    connection.refused += 1;
    if (connection.refused > MAX_REFUSED_BEHIND_STREAM) request.socket.destroy();
    return true;
  }

  /**
   * Claims the connection for a stream. Undefined = continue immediately. Behind the unfinished answer of
   * an ordinary request, the promise settles after that answer was sent; until then no resources are held.
   * It never settles if the connection closes first.
   */
  claim(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined {
    this.connections.set(request.socket, { stream: response, refused: 0 });
    return this.ofAnswer(response);
  }

  /** The same for an answer that ends: others may wait behind it. */
  ofAnswer(response: ServerResponse): Promise<void> | undefined {
    // Node assigns the socket when it is the answer's turn.
    if (response.socket !== null) return undefined;
    return new Promise((resolve) => response.once('socket', () => resolve()));
  }
}
