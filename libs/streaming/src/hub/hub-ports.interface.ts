import type { StreamListener } from '../lifecycle/stream-event.interface.js';
import type { HubMapping } from '../mapping/hub-mapping.js';
import type { StreamsElsewhere } from './connection-limits.js';

/** Optional hooks between a hub and its application. */
export interface HubPorts {
  /** Changes messages before they are encoded. */
  readonly mapping?: HubMapping | undefined;
  readonly elsewhere?: StreamsElsewhere;
  /** Returns undefined while nothing listens to stream events. */
  readonly announce?: () => StreamListener | undefined;
}
