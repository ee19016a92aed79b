import { Injectable } from '@nestjs/common';
import { HubRegistry } from '../hub/hub-registry.service.js';
import type { Presence, PresenceSource } from './presence.interface.js';

/** The presence of this process only. */
@Injectable()
export class LocalPresenceSource implements PresenceSource {
  constructor(private readonly registry: HubRegistry) {}

  async presenceOf(hub: string, topics: readonly string[]): Promise<Presence> {
    const found = await this.registry.presenceOf(hub, topics);
    return { topics: Object.fromEntries(found), processes: 1, answered: 1 };
  }
}
