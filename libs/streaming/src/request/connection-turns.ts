import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';

/**
 * Refused requests behind one stream before the connection ends. Each waits as a queued answer, and
 * Node stops reading a connection whose queue has grown: then nobody would notice that it closed.
 */
const MAX_REFUSED_BEHIND_STREAM = 16;

interface OpenConnection {
  readonly stream: ServerResponse;
  refused: number;
}

/**
 * One stream a connection at a time (contract §2). Node hands out pipelined requests at once and
 * queues their answers: a request behind an open stream would hold what it reserves for as long as
 * the stream lasts, and could not be answered. HTTP/1 only; HTTP/2 streams have sockets of their own.
 */
@Injectable()
export class ConnectionTurns {
  private readonly connections = new WeakMap<Socket, OpenConnection>();

  /** Whether a request stands behind a stream that is still open; counts those that do. */
  isBehindStream(request: IncomingMessage): boolean {
    const connection = this.connections.get(request.socket);
    if (connection === undefined || connection.stream.writableEnded) return false;
    connection.refused += 1;
    if (connection.refused > MAX_REFUSED_BEHIND_STREAM) request.socket.destroy();
    return true;
  }

  /**
   * Claims the connection for a stream. Undefined: go on at once. Behind the unfinished answer of
   * an ordinary request, the promise settles when that has left; until then nothing is held. It
   * never settles when the connection closes before.
   */
  claim(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined {
    this.connections.set(request.socket, { stream: response, refused: 0 });
    return this.ofAnswer(response);
  }

  /** The same for an answer that has an end: others may wait behind it. */
  ofAnswer(response: ServerResponse): Promise<void> | undefined {
    // Node assigns the socket when the answer's turn has come.
    if (response.socket !== null) return undefined;
    return new Promise((resolve) => response.once('socket', () => resolve()));
  }
}
