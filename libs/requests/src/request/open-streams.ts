import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';

/**
 * One stream a connection at a time (contract §2). A request that is pipelined behind one could not be
 * answered before its end, and its unread body would hide from Node that the client has left.
 */
@Injectable()
export class OpenStreams {
  private readonly streams = new WeakMap<Socket, ServerResponse>();

  /** The response is a stream until it ends. */
  add(request: IncomingMessage, response: ServerResponse): void {
    this.streams.set(request.socket, response);
  }

  /** Whether a request stands behind a stream of its connection that is still open. */
  isBehind(request: IncomingMessage): boolean {
    const stream = this.streams.get(request.socket);
    return stream !== undefined && !stream.writableEnded;
  }
}
