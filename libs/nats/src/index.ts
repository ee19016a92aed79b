export type * from './nats-client.interface.js';
export * from './nats.errors.js';
export type * from './nats-options.interface.js';
export type { StreamMessage } from './stream-message.js';
