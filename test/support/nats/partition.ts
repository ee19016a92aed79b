import { TcpProxy } from '../tcp-proxy.js';
import { startNatsCluster, type NatsCluster } from './start-nats.js';
import type { NatsServer } from './nats-server.interface.js';

/** A route from one member to another. */
interface Route {
  readonly from: number;
  readonly to: number;
  readonly proxy: TcpProxy;
}

/**
 * A cluster whose members reach each other through proxies, so that its network can be parted. Clients
 * reach each member directly. Needs the members' ports on loopback: see `natsBackend`.
 */
export class PartedCluster {
  private constructor(
    readonly cluster: NatsCluster,
    private readonly ports: readonly number[],
    private readonly routes: readonly Route[],
  ) {}

  static async start(size = 3): Promise<PartedCluster> {
    const routes: Route[] = [];
    let ports: readonly number[] = [];
    const cluster = await startNatsCluster(size, {}, async (own, members) => {
      ports = members;
      const mine = await Promise.all(
        members
          .filter((port) => port !== own)
          .map(async (to) => ({ from: own, to, proxy: await TcpProxy.start(to) })),
      );
      routes.push(...mine);
      return { members: mine.map(({ proxy }) => proxy.port), hidden: true };
    });
    return new PartedCluster(cluster, ports, routes);
  }

  /** Separates one member from all others: its routes stay open, but forward nothing. */
  isolate(server: NatsServer): void {
    for (const { proxy } of this.routesOf(server)) proxy.blackHole();
  }

  /** Ends the partition. The routes are cut and reconnected. */
  heal(server: NatsServer): void {
    for (const { proxy } of this.routesOf(server)) {
      proxy.cut();
      proxy.restore();
    }
  }

  private routesOf(server: NatsServer): Route[] {
    const port = this.ports[this.cluster.servers.indexOf(server)];
    return this.routes.filter(({ from, to }) => from === port || to === port);
  }
}
