export * from './health.module.js';
export * from './health.options.js';
export * from './health.service.js';
export * from './hub-health.interface.js';
export type * from './probe.interface.js';
