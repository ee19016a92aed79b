import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceRegistry } from '@nuts/requests';
import type { Drain, HubDirectory } from '@nuts/streaming';

/** Time after the drain window, in ms: contract §7 allows 2 s, and exiting takes some time itself. */
const GRACE_MS = 1_500;
/** The part of it for connections whose last frames are in transit. */
const CLOSE_TIMEOUT_MS = 800;
/** Polling interval for connections that have become idle. */
const CLOSE_CHECK_MS = 50;

/** The parts that a shutdown ends. */
export interface ShutdownParts {
  readonly drain: Drain;
  readonly hubs: HubDirectory;
  /** Requests to services end together with the streams; undefined if there are none. */
  readonly services?: Pick<ServiceRegistry, 'drain' | 'whenIdle' | 'end'> | undefined;
  readonly servers: readonly Server[];
  /** Nest's `app.close()`: modules release their resources, including consumers and NATS connections. */
  readonly closeApplication: () => Promise<void>;
}

/**
 * The shutdown (contract §7): unready immediately, `drain_delay`, streams end one by one within
 * `drain_window`, the servers close, remaining connections are destroyed, modules close. Resolves within
 * delay, window and less than 2 s, whatever clients and NATS do. The caller then exits, which ends
 * everything that is left. Never rejects.
 */
export async function shutDown(parts: ShutdownParts): Promise<void> {
  const { drain, hubs, services, servers } = parts;
  drain.begin();
  services?.drain();
  const options = hubs.hubs().map((hub) => hub.options);
  const delayMs = Math.max(0, ...options.map(({ drainDelayMs }) => drainDelayMs));
  const windowMs = Math.max(0, ...options.map(({ drainWindowMs }) => drainWindowMs));
  await pause(delayMs);
  const deadline = performance.now() + windowMs + GRACE_MS;
  const left = (): number => Math.max(0, deadline - performance.now());

  const drained = hubs.hubs().map((hub) => hub.drain(hub.options.drainWindowMs));
  await settledWithin(Promise.all([...drained, services?.whenIdle()]), windowMs + CLOSE_CHECK_MS);
  services?.end();
  const closed = Promise.all(servers.map(closeServer));
  await settledWithin(closed, Math.min(CLOSE_TIMEOUT_MS, left()));
  for (const server of servers) server.closeAllConnections();
  await settledWithin(parts.closeApplication(), left());
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const look = setInterval(() => server.closeIdleConnections(), CLOSE_CHECK_MS);
    server.close(() => {
      clearInterval(look);
      resolve();
    });
  });
}

/** Waits for the work or the timeout, whichever is first; a failure of the work counts as its end. */
async function settledWithin(work: Promise<unknown>, ms: number): Promise<void> {
  const timer = new AbortController();
  const settled = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, pause(ms, undefined, { signal: timer.signal })]);
  timer.abort();
}
