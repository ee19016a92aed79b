import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';

/** Refused requests of one connection before it is cut. */
const MAX_REFUSED = 16;
/** Bodies of a waiting request that Node's buffer takes, in bytes. */
const MAX_WAITING_BODY = 16 * 1024;

interface Blocked {
  readonly response: ServerResponse;
  refused: number;
}

/**
 * Requests that are pipelined on one connection. Behind an event stream a request is refused
 * (contract §2): it could not be answered before the stream's end. Behind an ordinary answer one small
 * request waits for its turn. A larger body would pause the socket, which then does not tell that the
 * client has left.
 */
@Injectable()
export class Pipelines {
  private readonly blocked = new WeakMap<Socket, Blocked>();

  /** Refuses what comes on this connection until the response has ended. */
  block(request: IncomingMessage, response: ServerResponse): void {
    this.blocked.set(request.socket, { response, refused: 0 });
  }

  /**
   * Resolves when a response's turn has come, to false when the request cannot wait for it. Never
   * resolves when the connection closes before; until then nothing is held.
   */
  async turn(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (this.isBlocked(request)) return false;
    // Node assigns the socket when those before it are answered.
    if (response.socket !== null) return true;
    if (!hasSmallBody(request)) return false;
    this.block(request, response);
    await new Promise((come) => response.once('socket', come));
    this.blocked.delete(request.socket);
    return true;
  }

  /** Whether a request stands behind a blocking one; counts those that do. */
  isBlocked(request: IncomingMessage): boolean {
    const blocked = this.blocked.get(request.socket);
    if (blocked === undefined || blocked.response.writableEnded) return false;
    blocked.refused += 1;
    if (blocked.refused > MAX_REFUSED) request.socket.destroy();
    return true;
  }
}

function hasSmallBody({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length'] ?? 0) <= MAX_WAITING_BODY
  );
}
