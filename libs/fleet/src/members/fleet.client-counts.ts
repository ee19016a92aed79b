import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ClientCounts } from '@nuts/streaming';
import { PeerTable } from './peer-table.js';
import { MOST_COUNTS, type FlatCounts } from './state-message.js';

/**
 * The streams of each client here and in the other processes, for hubs with a limit for each client.
 *
 * Clients go over NATS as a part of a hash with their hub: short whatever a token's subject is, and no
 * list of users and addresses for whoever listens.
 */
@Injectable()
export class FleetClientCounts implements ClientCounts {
  readonly peers = new PeerTable();
  /** Whether others can be heard; without NATS each process counts for itself. */
  isConnected = false;
  /** Called with the first change after {@link takeChanges}. */
  onChange: () => void = () => undefined;
  private readonly own = new Map<string, number>();
  private readonly pending = new Set<string>();

  elsewhere(hub: string, client: string): number {
    return this.isConnected ? this.peers.countOf(keyOf(hub, client)) : 0;
  }

  changed(hub: string, client: string, streams: number): void {
    const key = keyOf(hub, client);
    if (streams > 0) this.own.set(key, streams);
    else this.own.delete(key);
    const isFirst = this.pending.size === 0;
    this.pending.add(key);
    if (isFirst) this.onChange();
  }

  /** What changed and is not yet told; at most as much as one message takes. */
  takeChanges(): FlatCounts {
    const counts: (string | number)[] = [];
    for (const key of this.pending) {
      this.pending.delete(key);
      counts.push(key, this.own.get(key) ?? 0);
      if (counts.length === MOST_COUNTS * 2) break;
    }
    return counts;
  }

  /** Everything, in the portions of a snapshot; one empty portion when there is nothing. */
  portions(): FlatCounts[] {
    const all = [...this.own].flat();
    const portions: FlatCounts[] = [];
    for (let at = 0; at === 0 || at < all.length; at += MOST_COUNTS * 2) {
      portions.push(all.slice(at, at + MOST_COUNTS * 2));
    }
    return portions;
  }
}

/** 96 bits: among millions of clients no two share one. */
function keyOf(hub: string, client: string): string {
  return hash('sha256', `${hub}\0${client}`, 'base64url').slice(0, 16);
}
