import { Injectable } from '@nestjs/common';
import type { HubMetrics, NutsMetrics } from './nuts-metrics.interface.js';

const ignore = (): void => undefined;

const silent: HubMetrics = Object.freeze({
  connectionOpened: ignore,
  connectionClosed: ignore,
  streamClosed: ignore,
  delivered: ignore,
  sent: ignore,
  dropped: ignore,
  slowClientDisconnected: ignore,
  started: ignore,
  paged: ignore,
  replayRequested: ignore,
  replayFellBack: ignore,
  replayCapReached: ignore,
  subscriptionFailed: ignore,
  rejected: ignore,
  consumerInvalidated: ignore,
  writeDisconnected: ignore,
  sharedTransition: ignore,
  deliveryLag: ignore,
  fanoutBatch: ignore,
  replayConsumers: ignore,
  replaysWaiting: ignore,
  replayWaited: ignore,
  window: ignore,
  lastValues: ignore,
  sharedSubscriptions: ignore,
  published: ignore,
  close: ignore,
});

/** Records nothing: for tests, and for applications without metrics. */
@Injectable()
export class NoopMetrics implements NutsMetrics {
  hub(): HubMetrics {
    return silent;
  }
  readinessFailed(): void {}
  natsEvent(): void {}
  natsError(): void {}
}
