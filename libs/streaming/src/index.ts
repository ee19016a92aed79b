export type { CorsOptions } from '@nuts/auth';
export { HubLink } from './discovery/hub-link.decorator.js';
export { HubLinkInterceptor } from './discovery/hub-link.interceptor.js';
export * from './hub/client-counts.interface.js';
export { completeHub, type HubDeclaration } from './hub/complete-hub.js';
export type { Hub } from './hub/hub.js';
export { HubOptionsError } from './hub/hub-options.error.js';
export type * from './hub/hub-options.interface.js';
export { HubRegistry } from './hub/hub-registry.service.js';
export type { HubStatus } from './hub/hub-status.interface.js';
export * from './hub/stream-request.interface.js';
export { OnStream, type StreamHookEvents } from './lifecycle/on-stream.decorator.js';
export type * from './lifecycle/stream-event.interface.js';
export { MAX_CLIENTS, MAX_SUBJECT_BYTES } from './presence/tally.js';
export { LocalPresenceSource } from './presence/local.presence-source.js';
export * from './presence/presence.interface.js';
export {
  defaultCors,
  servedMethods,
  writingMethods,
  type HubFeatures,
} from './hub/default-cors.js';
export { bucketSource, type BucketSource } from './hub/kv-bucket.js';
export type { LogTrouble } from './log/log-health.js';
export type * from './mapping/message-mapper.interface.js';
export {
  HubPublisher,
  type HubPublishOptions,
  type Published,
} from './publish/hub-publisher.service.js';
export * from './publish/publish.errors.js';
export { Drain } from './sse/drain.js';
export { requestedHub } from './request/hub-request.js';
export { HubRoutes, type HubRoute } from './request/hub-routes.service.js';
export { HubTargets } from './request/hub-targets.service.js';
export { requestedTopics } from './request/requested-topics-of.js';
export { HUB_GUARDS, type HubGuard, HubGuards } from './sse/hub-guards.js';
export { HUB_INTERCEPTORS, type HubInterceptor } from './sse/hub-interceptors.js';
export * from './probes/probe-responder.interface.js';
export { StallWatch, type WatchedConnection } from './progress/stall-watch.js';
export { RefusalAnswers } from './refusals/refusal-answers.js';
export { isTraceParent } from './frames/trace-parent.js';
export { StreamRefusal, type StreamRefusalKind } from './refusals/stream-refusal.js';
export { parseStart } from './topics/start.js';
export { StreamingModule } from './streaming.module.js';
export type { StreamingExtras } from './streaming.module-definition.js';
export { STREAMING_OPTIONS, type StreamingOptions } from './streaming.options.js';
