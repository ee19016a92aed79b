import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import type { ServerResponse } from 'node:http';

/** Bytes of all bodies in memory at a time, those that are still arriving included. */
export const MAX_HELD_BYTES = 64 * 1024 * 1024;
/** Of one client with several bodies: whoever does not complete them leaves room for others. */
export const MAX_HELD_BYTES_PER_CLIENT = MAX_HELD_BYTES / 2;

/** Bounds the memory of bodies that are received or on their way to the stream. */
@Injectable()
export class HeldBodies {
  private held = 0;
  private readonly clients = new Map<string, number>();

  /** Bytes held now. */
  get bytes(): number {
    return this.held;
  }

  /**
   * Takes room for one request, chunk by chunk, until its response is closed.
   *
   * @param client whose request it is
   * @returns takes more room, or returns the refusal when there is none
   */
  holder(response: ServerResponse, client: string): (bytes: number) => Error | undefined {
    let own = 0;
    response.once('close', () => this.add(client, -own));
    return (bytes) => {
      const ofClient = this.clients.get(client) ?? 0;
      const exceedsShare = ofClient > own && ofClient + bytes > MAX_HELD_BYTES_PER_CLIENT;
      if (exceedsShare || this.held + bytes > MAX_HELD_BYTES) {
        return new ServiceUnavailableException('Too many messages at once');
      }
      own += bytes;
      this.add(client, bytes);
      return undefined;
    };
  }

  private add(client: string, bytes: number): void {
    this.held += bytes;
    const ofClient = (this.clients.get(client) ?? 0) + bytes;
    if (ofClient > 0) this.clients.set(client, ofClient);
    else this.clients.delete(client);
  }
}
