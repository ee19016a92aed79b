import { createServer } from 'node:net';
import type { LoggerService } from '@nestjs/common';
import type { ProcessOptions } from '../config/process-options.interface.js';
import { clusterWorkers } from '../workers/cluster-worker.js';
import { WorkerGroup } from '../workers/worker-group.js';
import { describeExit } from '../workers/worker-slot.js';
import { listen, type ListenAddress } from './listen.js';
import { urlOf } from './nuts-server.js';

const CONTEXT = 'Workers';
/** Time that a worker may take after its delay and window before it is killed, in ms. */
const PATIENCE_MS = 5_000;

/**
 * Starts the workers of the service, which listen on the same ports, and keeps them running.
 *
 * @param failed called with the reason if they cannot run
 * @throws ListenError if a port is not available
 */
export async function startPrimary(
  options: ProcessOptions,
  logger: LoggerService,
  failed: (sentence: string) => void,
): Promise<{ stop(): Promise<void> }> {
  const { host, workers, hubs, managementPort } = options;
  const ports = {
    port: await freePort({ host, port: options.port, portSetting: 'PORT' }),
    ...(managementPort !== undefined && {
      managementPort: await freePort({
        host,
        port: managementPort,
        portSetting: 'MANAGEMENT_PORT',
      }),
    }),
  };
  const group = new WorkerGroup({
    workers,
    ports,
    start: clusterWorkers(),
    serving: () => {
      const paths = hubs.map(({ path }) => path).join(' ');
      const url = urlOf(host, ports.port);
      logger.log(`${workers} workers are listening on ${url}, hubs: ${paths}`, CONTEXT);
    },
    replaced: (worker, exit, afterMs) => {
      const msg = `worker ended (${describeExit(exit)}), another one starts`;
      logger.warn({ msg, worker, afterMs, ...exit }, CONTEXT);
    },
    failed,
  });
  group.start();
  const most = (ms: (hub: (typeof hubs)[number]) => number): number => Math.max(0, ...hubs.map(ms));
  const drainMs = most((hub) => hub.drainDelayMs) + most((hub) => hub.drainWindowMs);
  return { stop: () => group.drain(drainMs + PATIENCE_MS) };
}

/**
 * The port itself if it is available; a free one for 0. The workers share it, and the kernel would let
 * another service of the same user share it too, so it is first opened exclusively.
 */
async function freePort(address: ListenAddress): Promise<number> {
  const server = createServer();
  const port = await listen(server, address);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
