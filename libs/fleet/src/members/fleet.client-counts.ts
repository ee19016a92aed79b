import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ClientCounts } from '@nuts/streaming';
import { PeerTable } from './peer-table.js';
import { MAX_COUNTS, type FlatCounts } from './state-message.js';

/**
 * Counts each client's streams here and in the other processes, for hubs with a limit per client.
 *
 * Messages contain a truncated hash of client and hub: its length does not depend on the token's subject,
 * and listeners learn neither users nor addresses.
 */
@Injectable()
export class FleetClientCounts implements ClientCounts {
  readonly peers = new PeerTable();
  /** Whether messages of the others arrive; without NATS, each process counts for itself. */
  isConnected = false;
  /** Called for the first change after {@link takeChanges}. */
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

  /** Takes the unpublished changes, up to the limit of one message. */
  takeChanges(): FlatCounts {
    const counts: (string | number)[] = [];
    for (const key of this.pending) {
      this.pending.delete(key);
      counts.push(key, this.own.get(key) ?? 0);
      if (counts.length === MAX_COUNTS * 2) break;
    }
    return counts;
  }

  /** All counts, in the parts of a snapshot; one empty part if there are none. */
  portions(): FlatCounts[] {
    const all = [...this.own].flat();
    const portions: FlatCounts[] = [];
    for (let at = 0; at === 0 || at < all.length; at += MAX_COUNTS * 2) {
      portions.push(all.slice(at, at + MAX_COUNTS * 2));
    }
    return portions;
  }
}

/** 96 bits: no collision among millions of clients. */
function keyOf(hub: string, client: string): string {
  return hash('sha256', `${hub}\0${client}`, 'base64url').slice(0, 16);
}
