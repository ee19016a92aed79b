import { Injectable, Logger } from '@nestjs/common';
import { canonicalAddress } from '@nuts/auth';
import type { Request } from 'express';
import type { HubOptions } from '../hub/hub-options.interface.js';

/**
 * The client's address according to Express's `trust proxy`: `X-Forwarded-For` counts only if a trusted
 * proxy sent it (contract §6, `TRUST_PROXY`). In canonical form, and for IPv6 the network: see {@link
 * canonicalAddress}.
 */
@Injectable()
export class ClientAddress {
  private readonly logger = new Logger(ClientAddress.name);
  private readonly warned = new Set<string>();

  of(request: Request, hub: HubOptions, hasSubject: boolean): string {
    const address = request.ip ?? '';
    if (!hasSubject && hub.maxConnectionsPerClient !== undefined) {
      this.warnOfProxy(request, address, hub.name);
    }
    return canonicalAddress(address);
  }

  /** Once per hub: behind an untrusted proxy, a limit per address counts all clients as one. */
  private warnOfProxy(request: Request, address: string, hub: string): void {
    if (request.headers['x-forwarded-for'] === undefined || this.warned.has(hub)) return;
    if (address !== (request.socket.remoteAddress ?? '')) return;
    this.warned.add(hub);
    this.logger.warn({
      msg: 'max_connections_per_client counts by address, and requests bear X-Forwarded-For, which is not trusted: if a proxy sets it, all of its clients count as one. Set TRUST_PROXY.',
      hub,
    });
  }
}
