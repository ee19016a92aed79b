import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HubRegistry } from '@nuts/streaming';
import { filter, type Subscription } from 'rxjs';
import { FleetBus } from '../bus/fleet-bus.service.js';

/** Publishes opened and closed streams of hubs with `lifecycle`. */
@Injectable()
export class LifecyclePublisher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private running: Subscription | undefined;

  constructor(
    private readonly bus: FleetBus,
    private readonly registry: HubRegistry,
  ) {}

  onApplicationBootstrap(): void {
    const hubs = this.registry.hubs().filter(({ options }) => options.lifecycle);
    if (hubs.length === 0) return;
    const names = new Set(hubs.map(({ options }) => options.name));
    const { process, subjects } = this.bus;
    this.running = this.registry.streams$
      .pipe(filter(({ hub }) => names.has(hub)))
      .subscribe(({ type, ...facts }) => {
        const time = new Date().toISOString();
        this.bus.send(subjects.lifecycle(type), { ...facts, process, time });
      });
  }

  beforeApplicationShutdown(): void {
    this.running?.unsubscribe();
  }
}
