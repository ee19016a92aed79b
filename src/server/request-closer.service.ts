import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ServiceRegistry } from '@nuts/requests';
import { HubRegistry } from '@nuts/streaming';
import type { Subscription } from 'rxjs';

/** Ends the open requests of a client whose streams are closed: neither outlives a logout. */
@Injectable()
export class RequestCloser implements OnModuleDestroy {
  private readonly closing: Subscription;

  constructor(hubs: HubRegistry, services: ServiceRegistry) {
    this.closing = hubs.closed$.subscribe((subject) => services.closeRequestsOf(subject));
  }

  onModuleDestroy(): void {
    this.closing.unsubscribe();
  }
}
