import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import type { ServerResponse } from 'node:http';

/** Bytes of all bodies in memory at a time, those that are still arriving included. */
export const MAX_HELD_BYTES = 64 * 1024 * 1024;

/** Bounds the memory of bodies that are received or on their way to the stream. */
@Injectable()
export class HeldBodies {
  private held = 0;

  /** Bytes held now. */
  get bytes(): number {
    return this.held;
  }

  /**
   * Takes room for one request, chunk by chunk, until its response is closed.
   *
   * @returns takes more room, or returns the refusal when there is none
   */
  holder(response: ServerResponse): (bytes: number) => Error | undefined {
    let own = 0;
    response.once('close', () => (this.held -= own));
    return (bytes) => {
      if (this.held + bytes > MAX_HELD_BYTES) {
        return new ServiceUnavailableException('Too many messages at once');
      }
      own += bytes;
      this.held += bytes;
      return undefined;
    };
  }
}
