import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';

/** Maximum number of refused requests before the connection is closed. */
const MAX_REFUSED = 16;
/** Maximum body size of a waiting request, in bytes: what fits into Node's buffer. */
const MAX_WAITING_BODY = 16 * 1024;

interface Blocked {
  readonly response: ServerResponse;
  refused: number;
}

/**
 * Handles pipelined requests. Behind an event stream, a request is refused (contract §2), because it could
 * not be answered before the stream's end. Behind an ordinary answer, one small request waits for its turn.
 * A larger body would pause the socket, which then would not signal a disconnect.
 */
@Injectable()
export class Pipelines {
  private readonly blocked = new WeakMap<Socket, Blocked>();

  /** Refuses further requests on this connection until the response has ended. */
  block(request: IncomingMessage, response: ServerResponse): void {
    this.blocked.set(request.socket, { response, refused: 0 });
  }

  /**
   * Resolves when it is the response's turn; false if the request cannot wait. Never resolves if the
   * connection closes first; until then, no resources are held.
   */
  async turn(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (this.isBlocked(request)) return false;
    // Node assigns the socket after earlier requests are answered.
    if (response.socket !== null) return true;
    if (!hasSmallBody(request)) return false;
    this.block(request, response);
    await new Promise((come) => response.once('socket', come));
    this.blocked.delete(request.socket);
    return true;
  }

  /** Whether a request is behind a blocking one. Counts such requests. */
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
