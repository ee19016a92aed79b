export type { FleetClosing } from './closing/tally.js';
export type { FleetExtras } from './fleet.module-definition.js';
export { FleetModule } from './fleet.module.js';
export * from './fleet.options.js';
export { Fleet } from './fleet.service.js';
export { FleetPresenceSource } from './presence/fleet.presence-source.js';
