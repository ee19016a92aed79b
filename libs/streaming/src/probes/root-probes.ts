import { Inject, Injectable, Optional } from '@nestjs/common';
import { HUB_DIRECTORY, type HubDirectory } from '../hub/stream-request.interface.js';
import { corsHeaders, type HeaderRecord } from '@nuts/auth';
import {
  PROBE_RESPONDER,
  type ProbeKind,
  probeKindOf,
  type ProbeResponder,
} from './probe-responder.interface.js';

/** A request to a root probe. */
export interface RootProbe {
  readonly kind: ProbeKind;
  /** CORS headers: an origin allowed by any of the hubs may read the answer (contract §6). */
  readonly headers: HeaderRecord;
}

/**
 * The root probes, which belong to no hub. Each hub's probe paths are also probes at the root (contract
 * §2). Without a responder there are none, and these paths belong to the application.
 */
@Injectable()
export class RootProbes {
  constructor(
    @Inject(HUB_DIRECTORY) private readonly hubs: HubDirectory,
    @Optional() @Inject(PROBE_RESPONDER) private readonly responder?: ProbeResponder,
  ) {}

  /** Undefined if the path is not a root probe. */
  match(pathname: string, origin: string | undefined): RootProbe | undefined {
    if (this.responder === undefined) return undefined;
    const found = this.hubs.hubs().flatMap(({ options }) => {
      const kind = probeKindOf(options.probes, pathname);
      return kind === undefined ? [] : [{ kind, headers: corsHeaders(options.cors, origin) }];
    });
    return found.reduce<RootProbe | undefined>(
      (first, { kind, headers }) => ({
        kind: first?.kind ?? kind,
        headers: { ...first?.headers, ...headers },
      }),
      undefined,
    );
  }
}
