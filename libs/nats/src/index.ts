export { maskUrl } from './connection/server-url.js';
export { JetStreamNatsClient } from './jetstream-nats.client.js';
export type * from './nats-client.interface.js';
export type * from './nats-event.interface.js';
export * from './nats.errors.js';
export type * from './nats-options.interface.js';
export type { StreamMessage } from './stream-message.js';
