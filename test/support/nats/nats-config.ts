import type { NatsServerOptions } from './nats-server.interface.js';

/** The addresses and the store of a server. */
export interface NatsPlace {
  readonly name: string;
  /** Address to bind: loopback, or all addresses inside a container. */
  readonly host: string;
  /** -1 lets the server choose. */
  readonly port: number;
  /** Undefined: no monitoring. */
  readonly monitorPort: number | undefined;
  readonly storeDirectory: string;
  /** The address at which the other members of a cluster reach the owner of a route port. */
  readonly routeHost: (port: number) => string;
  /** The address that the server advertises to clients, if they cannot reach its own one. */
  readonly advertise?: string;
  /** Folder of the option `files`. */
  readonly filesDirectory: string;
}

/** The address that a hidden member advertises. Nothing listens on it. */
const NOWHERE = '127.0.0.1:9';

/** The text of a nats-server configuration file. */
export function natsConfig(options: NatsServerOptions, place: NatsPlace): string {
  const { name, host, port, monitorPort, storeDirectory, filesDirectory } = place;
  const lines = [`server_name: "${name}"`, `listen: "${host}:${port}"`];
  if (place.advertise) lines.push(`client_advertise: "${place.advertise}"`);
  if (monitorPort !== undefined) lines.push(`http: "${host}:${monitorPort}"`);
  if (options.jetStream ?? true) {
    const domain = options.domain ? `domain: "${options.domain}"` : '';
    lines.push(`jetstream { store_dir: "${storeDirectory}", ${domain} }`);
  }
  if (options.cluster) {
    const { name: cluster, port: own, members, hidden } = options.cluster;
    const routes = members.filter((member) => member !== own);
    const urls = routes
      .map((route) => `"nats-route://${place.routeHost(route)}:${route}"`)
      .join(', ');
    const told = hidden ? `, advertise: "${NOWHERE}", no_advertise: true` : '';
    lines.push(
      `cluster { name: "${cluster}", listen: "${host}:${own}"${told}, routes: [${urls}] }`,
    );
  }
  const { config = '' } = options;
  lines.push(typeof config === 'function' ? config(filesDirectory, host) : config);
  return `${lines.join('\n')}\n`;
}
