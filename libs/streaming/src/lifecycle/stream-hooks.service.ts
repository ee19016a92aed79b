import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { asapScheduler, filter, observeOn, Subscription } from 'rxjs';
import { HubRegistry } from '../hub/hub-registry.service.js';
import { STREAM_HOOK } from './on-stream.decorator.js';
import type { StreamEvent } from './stream-event.interface.js';

type Method = (event: StreamEvent) => unknown;

/** Finds the methods with `@OnStream` and calls them. Without any, hubs create no events. */
@Injectable()
export class StreamHooks implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(StreamHooks.name);
  private readonly running = new Subscription();

  constructor(
    private readonly registry: HubRegistry,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    for (const wrapper of wrappers) {
      const instance: unknown = wrapper.instance;
      if (!wrapper.isDependencyTreeStatic() || !isObject(instance)) continue;
      const prototype = Object.getPrototypeOf(instance) as object | null;
      if (prototype === null) continue;
      for (const name of this.scanner.getAllMethodNames(prototype)) this.bind(instance, name);
    }
  }

  onModuleDestroy(): void {
    this.running.unsubscribe();
  }

  private bind(instance: Record<string, unknown>, name: string): void {
    const method = instance[name] as Method;
    const type = this.reflector.get<StreamEvent['type'] | undefined>(STREAM_HOOK, method);
    if (type === undefined) return;
    this.running.add(
      this.registry.streams$
        .pipe(
          filter((event) => event.type === type),
          observeOn(asapScheduler),
        )
        .subscribe((event) => void this.call(() => method.call(instance, event), name)),
    );
  }

  private async call(run: () => unknown, method: string): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.logger.error({ msg: 'a stream hook failed', method, error });
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
