import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import { NatsConnectError } from '../nats.errors.js';
import type { NatsOptions } from '../nats-options.interface.js';
import type { DialTarget } from './dial.js';
import { parseServer, type ServerAddress } from './server-url.js';

/**
 * The servers to try: those of the settings, shuffled so that clients spread over a cluster, and those
 * announced by the cluster.
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
      throw new NatsConnectError('bad_option', 'No server is configured; see nats_url.');
    }
    if (new Set(this.configured.map(isWeb)).size > 1) {
      const message = 'WebSocket and other servers cannot be mixed in one list; see nats_url.';
      throw new NatsConnectError('bad_option', message);
    }
    this.forceTls = this.configured.some(({ scheme }) => scheme === 'tls');
  }

  /** One attempt per server, configured servers first. */
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

  /** Adds the servers that a server announces; addresses are `host:port`. */
  learn(addresses: readonly string[], from: ServerAddress): void {
    // WebSocket clusters announce addresses without scheme and path, so they are ignored.
    if (isWeb(from)) return;
    for (const address of addresses) {
      if (!URL.canParse(`nats://${address}`)) continue;
      const { host, port } = parseServer(address);
      const known = this.configured.some((s) => s.host === host && s.port === port);
      // The credentials of the announcing server are valid for its cluster.
      if (!known) this.learnt.set(address, { ...from, host, port });
    }
  }

  /** Stores the cluster's current members, and the name that the certificate was verified for. */
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
