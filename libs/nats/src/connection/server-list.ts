import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import { NatsConnectError } from '../nats.errors.js';
import type { NatsOptions } from '../nats-options.interface.js';
import type { DialTarget } from './dial.js';
import { parseServer, type ServerAddress } from './server-url.js';

/**
 * The servers to try: those of the settings, shuffled so that a fleet spreads over a cluster, and
 * those that the cluster names itself.
 */
export class ServerList {
  private readonly configured: readonly ServerAddress[];
  private readonly learnt = new Map<string, ServerAddress>();
  private readonly forceTls: boolean;
  private verifiedName: string | undefined;

  /** @throws NatsConnectError `bad_option` */
  constructor(options: NatsOptions) {
    this.configured = shuffled(options.servers.map(parseServer));
    if (this.configured.length === 0) {
      throw new NatsConnectError('bad_option', 'There is no server to connect to; see nats_url.');
    }
    if (new Set(this.configured.map(isWeb)).size > 1) {
      const message = 'WebSocket and other servers cannot be mixed in one list; see nats_url.';
      throw new NatsConnectError('bad_option', message);
    }
    this.forceTls = this.configured.some(({ scheme }) => scheme === 'tls');
  }

  /** One attempt at each server, the settings' own first. */
  round(): Omit<DialTarget, 'name'>[] {
    const { forceTls, verifiedName } = this;
    return [
      ...this.configured.map((server) => ({ server, forceTls })),
      ...[...this.learnt.values()].map((server) => ({
        server,
        forceTls,
        ...(verifiedName !== undefined && { verifiedName }),
      })),
    ];
  }

  /** Adds what a server tells about its cluster; addresses are `host:port`. */
  learn(addresses: readonly string[], from: ServerAddress): void {
    // WebSocket clusters announce addresses without their scheme and path: the list stays as it is.
    if (isWeb(from)) return;
    for (const address of addresses) {
      if (!URL.canParse(`nats://${address}`)) continue;
      const { host, port } = parseServer(address);
      const known = this.configured.some((s) => s.host === host && s.port === port);
      // The credentials of the server that named it hold for its cluster.
      if (!known) this.learnt.set(address, { ...from, host, port });
    }
  }

  /** Takes the cluster's present members, and the name that its certificate was checked against. */
  connected(server: ServerAddress, members: readonly string[]): void {
    this.learnt.clear();
    this.learn(members, server);
    if (isIP(server.host.replace(/^\[|\]$/g, '')) === 0) this.verifiedName = server.host;
  }
}

function isWeb({ scheme }: ServerAddress): boolean {
  return scheme === 'ws' || scheme === 'wss';
}

function shuffled<T>(items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}
