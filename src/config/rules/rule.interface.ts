import type { ConfigurationMistake } from '../configuration.error.js';
import type { HubReading } from '../hub-reading.js';

/** What one setting cannot say of itself: it depends on another one of the hub. */
export type HubRule = (hub: HubReading) => ConfigurationMistake[];
