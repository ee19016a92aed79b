import type { ConfigurationIssue } from '../configuration.error.js';
import type { HubReading } from '../hub-reading.js';

/** A check that involves several settings of a hub. */
export type HubRule = (hub: HubReading) => ConfigurationIssue[];
