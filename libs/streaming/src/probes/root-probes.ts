import { Inject, Injectable, Optional } from '@nestjs/common';
import { HUB_DIRECTORY, type HubDirectory } from '../hub/stream-request.interface.js';
import { corsHeaders, type HeaderRecord } from '@nuts/auth';
import {
  PROBE_RESPONDER,
  type ProbeKind,
  probeKindOf,
  type ProbeResponder,
} from './probe-responder.interface.js';

/** A request to a probe at the root. */
export interface RootProbe {
  readonly kind: ProbeKind;
  /** CORS: an origin that any of the hubs allows may read it (contract §6: probes included). */
  readonly headers: HeaderRecord;
}

/**
 * The probes at the root, which belong to no hub: each hub's probe paths are probes there too
 * (contract §2). Without a responder there are none, and a path of the same name is the
 * application's own business.
 */
@Injectable()
export class RootProbes {
  constructor(
    @Inject(HUB_DIRECTORY) private readonly hubs: HubDirectory,
    @Optional() @Inject(PROBE_RESPONDER) private readonly responder?: ProbeResponder,
  ) {}

  /** Undefined when the path is no root probe. */
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
