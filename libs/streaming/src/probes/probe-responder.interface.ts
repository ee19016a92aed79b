import type { IncomingMessage } from 'node:http';
import type { HubOptions } from '../hub/hub-options.interface.js';

/** The probes of contract §8. */
export type ProbeKind = 'live' | 'ready' | 'health';

/** A probe's answer; the body becomes JSON. */
export interface ProbeAnswer {
  readonly status: number;
  readonly body: object;
}

/**
 * Answers the probes under a hub's path and at the root. Bind it to {@link PROBE_RESPONDER}; in an
 * application without one, probe paths below a hub are not found.
 */
export interface ProbeResponder {
  /** @param hubName undefined for a probe at the root: of all hubs */
  respond(
    hubName: string | undefined,
    kind: ProbeKind,
    request: IncomingMessage,
  ): Promise<ProbeAnswer>;
}

export const PROBE_RESPONDER = Symbol('ProbeResponder');

/** Which probe a path is, if any: one of the configured ones exactly, one trailing slash allowed. */
export function probeKindOf(probes: HubOptions['probes'], path: string): ProbeKind | undefined {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  switch (bare) {
    case probes.livePath:
      return 'live';
    case probes.readyPath:
      return 'ready';
    case probes.healthPath:
      return 'health';
    default:
      return undefined;
  }
}
