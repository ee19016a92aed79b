import type { HubHealth, HubHealthSource } from '@nuts/health';
import type { Drain, Hub, HubRegistry } from '@nuts/streaming';

/** The health of the hubs: their own status, and whether the process is shutting down. */
export class RegistryHealthSource implements HubHealthSource {
  constructor(
    private readonly registry: HubRegistry,
    private readonly drain: Drain,
  ) {}

  hubs(): readonly HubHealth[] {
    return this.registry.hubs().map((hub) => this.healthOf(hub));
  }

  private healthOf({ options, status }: Hub): HubHealth {
    const { name, path, probes } = options;
    const { nats, stream, trouble, wasReady } = status;
    const cause = this.drain.draining ? 'draining' : trouble;
    return {
      name,
      path,
      probes,
      nats,
      wasReady,
      ready: cause === undefined,
      ...(stream && { stream }),
      ...(cause && { cause }),
    };
  }
}
