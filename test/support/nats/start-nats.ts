import { freePort } from '../free-port.js';
import { until } from '../until.js';
import { BinaryNats } from './binary-nats.js';
import { natsBackend } from './nats-backend.js';
import type { ClusterMembership, NatsServer, NatsServerOptions } from './nats-server.interface.js';

/**
 * Starts a real nats-server with JetStream on a free port with a store of its own, and resolves when
 * it is ready. From testcontainers where a Docker engine answers, else from the binary. It ends by
 * itself with the test file.
 */
export async function startNats(options: NatsServerOptions = {}): Promise<NatsServer> {
  const backend = await natsBackend();
  if (backend.kind === 'binary') return BinaryNats.start(backend.path, options);
  // Loaded on demand, because importing testcontainers takes a second.
  const { ContainerNats } = await import('./container-nats.js');
  return ContainerNats.start(backend.image, options);
}

/** Several servers that form one JetStream cluster. */
export interface NatsCluster {
  readonly servers: readonly NatsServer[];
  /** All members' addresses, comma-separated. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The route ports that a member is configured with, given its own and those of all. */
export type RoutePlan = (own: number, members: readonly number[]) => Promise<RouteAddresses>;
type RouteAddresses = Pick<ClusterMembership, 'members' | 'hidden'>;

/** Starts a cluster, and resolves when it has elected a leader of its metadata. */
export async function startNatsCluster(
  size = 3,
  options: Omit<NatsServerOptions, 'cluster' | 'name'> = {},
  routesOf: RoutePlan = (_own, members) => Promise.resolve({ members }),
): Promise<NatsCluster> {
  const members = await Promise.all(Array.from({ length: size }, () => freePort()));
  const routes = await Promise.all(members.map((port) => routesOf(port, members)));
  const servers = await Promise.all(
    members.map((port, index) =>
      startNats({
        ...options,
        monitor: true,
        name: `n${index + 1}`,
        cluster: { name: 'nuts-test', port, ...(routes[index] ?? { members }) },
      }),
    ),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    await until(() => everyAsync(servers, isHealthy), {
      timeoutMs: 30_000,
      what: () => `the cluster to elect a leader:\n${servers.map(({ log }) => log).join('\n')}`,
      everyMs: 50,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { servers, url: servers.map(({ url }) => url).join(','), stop };
}

async function everyAsync<T>(
  items: readonly T[],
  check: (item: T) => Promise<boolean>,
): Promise<boolean> {
  return (await Promise.all(items.map(check))).every(Boolean);
}

async function isHealthy(server: NatsServer): Promise<boolean> {
  const answer = await fetch(`${server.monitor}/jsz`);
  const { meta_cluster: meta } = (await answer.json()) as { meta_cluster?: { leader?: string } };
  return Boolean(meta?.leader) && (await fetch(`${server.monitor}/healthz`)).ok;
}
