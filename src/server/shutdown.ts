import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceRegistry } from '@nuts/requests';
import type { Drain, HubDirectory } from '@nuts/streaming';

/** Beyond the window, in ms: contract §7 allows 2 s, and exiting takes its own time. */
const GRACE_MS = 1_500;
/** Of the grace: for connections whose last frames are on their way. */
const FAREWELL_MS = 800;
/** How often connections are looked at that have become idle meanwhile. */
const FAREWELL_LOOK_MS = 50;

/** What a shutdown takes down. */
export interface ShutdownParts {
  readonly drain: Drain;
  readonly hubs: HubDirectory;
  /** Requests to services end with the streams; undefined where there are none. */
  readonly services?: Pick<ServiceRegistry, 'drain' | 'whenIdle' | 'end'> | undefined;
  readonly servers: readonly Server[];
  /** Nest's `app.close()`: modules release what they hold, consumers and NATS among it. */
  readonly closeApplication: () => Promise<void>;
}

/**
 * The orderly end (contract §7): unready at once, `drain_delay`, streams end one by one within
 * `drain_window`, the servers close, what is left of the connections is destroyed, modules close.
 * Resolves within the delay, the window and less than 2 s, whatever clients and NATS do; the
 * caller then exits, and with it goes what did not come to its end. Never rejects.
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
  await settledWithin(Promise.all([...drained, services?.whenIdle()]), windowMs + FAREWELL_LOOK_MS);
  services?.end();
  const closed = Promise.all(servers.map(closeServer));
  await settledWithin(closed, Math.min(FAREWELL_MS, left()));
  for (const server of servers) server.closeAllConnections();
  await settledWithin(parts.closeApplication(), left());
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const look = setInterval(() => server.closeIdleConnections(), FAREWELL_LOOK_MS);
    server.close(() => {
      clearInterval(look);
      resolve();
    });
  });
}

/** Waits for the work or the time, whichever is sooner; the work's failure counts as its end. */
async function settledWithin(work: Promise<unknown>, ms: number): Promise<void> {
  const timer = new AbortController();
  const settled = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, pause(ms, undefined, { signal: timer.signal })]);
  timer.abort();
}
