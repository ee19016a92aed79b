import type { IncomingMessage } from 'node:http';
import type { HubOptions } from '../hub/hub-options.interface.js';

/** The probes of contract §8. */
export type ProbeKind = 'live' | 'ready' | 'health';

/** The answer of a probe; the body is sent as JSON. */
export interface ProbeAnswer {
  readonly status: number;
  readonly body: object;
}

/**
 * Answers the probes below a hub's path and at the root. Bind it to {@link PROBE_RESPONDER}. Without one,
 * probe paths get a 404.
 */
export interface ProbeResponder {
  /** @param hubName undefined for a root probe, which covers all hubs */
  respond(
    hubName: string | undefined,
    kind: ProbeKind,
    request: IncomingMessage,
  ): Promise<ProbeAnswer>;
}

export const PROBE_RESPONDER = Symbol('ProbeResponder');

/** The probe of a path, if any; paths must match exactly, except for one trailing slash. */
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
