import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import type { ServerResponse } from 'node:http';

/** Maximum bytes of all bodies in memory, including those that are still arriving. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** The same for one client: a client that does not complete its bodies leaves room for others. */
export const MAX_BODY_BYTES_PER_CLIENT = MAX_BODY_BYTES / 2;

/** Limits the memory of bodies that are being received or published. */
@Injectable()
export class BodyMemory {
  private held = 0;
  private readonly clients = new Map<string, number>();

  /** Bytes held now. */
  get bytes(): number {
    return this.held;
  }

  /**
   * Reserves memory for one request, chunk by chunk, until its response closes.
   *
   * @param client key of the requesting client and its hub: subjects of two issuers may be equal
   * @returns a function that reserves more, or returns the refusal if the limit is reached
   */
  holder(response: ServerResponse, client: string): (bytes: number) => Error | undefined {
    let own = 0;
    response.once('close', () => this.add(client, -own));
    return (bytes) => {
      const ofClient = this.clients.get(client) ?? 0;
      const exceedsShare = ofClient > own && ofClient + bytes > MAX_BODY_BYTES_PER_CLIENT;
      if (exceedsShare || this.held + bytes > MAX_BODY_BYTES) {
        return new ServiceUnavailableException('Too many request bodies in memory');
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
