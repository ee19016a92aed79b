import { Inject, Injectable, Optional } from '@nestjs/common';
import { HUB_DIRECTORY, type HubDirectory } from '../hub/stream-request.interface.js';
import { corsHeaders, type HeaderRecord } from './cors-headers.js';
import { PROBE_RESPONDER, probeKindOf, type ProbeResponder } from './probe-responder.interface.js';

/**
 * CORS of the probes at the root, which belong to no hub: an origin that any hub allows may read
 * them (contract §6: probes included). Without the health library there are none, and a path of the
 * same name is the application's own business.
 */
@Injectable()
export class RootProbeCors {
  constructor(
    @Inject(HUB_DIRECTORY) private readonly hubs: HubDirectory,
    @Optional() @Inject(PROBE_RESPONDER) private readonly probes?: ProbeResponder,
  ) {}

  /** Undefined when the path is no root probe. */
  headersFor(pathname: string, origin: string | undefined): HeaderRecord | undefined {
    if (this.probes === undefined) return undefined;
    const owners = this.hubs
      .hubs()
      .filter(({ options }) => probeKindOf(options.probes, pathname) !== undefined);
    if (owners.length === 0) return undefined;
    return owners
      .map(({ options }) => corsHeaders(options.cors, origin))
      .reduce((merged, headers) => ({ ...merged, ...headers }), {});
  }
}
