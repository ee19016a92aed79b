export type * from './hub/hub-options.interface.js';
export * from './hub/stream-request.interface.js';
export { Drain } from './sse/drain.js';
export { HUB_GUARDS, type HubGuard } from './sse/hub-guards.js';
export * from './sse/probe-responder.interface.js';
export { StreamRefusal, type StreamRefusalKind } from './sse/stream-refusal.js';
