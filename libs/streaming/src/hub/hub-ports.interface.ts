import type { StreamListener } from '../lifecycle/stream-event.interface.js';
import type { HubMapping } from '../mapping/hub-mapping.js';
import type { StreamsElsewhere } from './connection-limits.js';

/** What a hub tells its surroundings, and asks of them; all of it may be missing. */
export interface HubPorts {
  /** Changes messages before they are encoded. */
  readonly mapping?: HubMapping | undefined;
  readonly elsewhere?: StreamsElsewhere;
  /** Undefined while nobody wants the events. */
  readonly announce?: () => StreamListener | undefined;
}
