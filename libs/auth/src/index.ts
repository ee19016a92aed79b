export type * from './access-options.interface.js';
export type * from './requested-subscription.interface.js';
