import type {
  HubMetrics,
  NatsAsyncErrorKind,
  NatsConnectionEvent,
  NutsMetrics,
  ReadinessFailureCause,
} from './nuts-metrics.interface.js';
import { noopServiceMetrics, type ServiceMetrics } from './service-metrics.interface.js';

/** All methods of a hub's metrics, checked by the compiler. */
const METHODS = Object.keys({
  connectionOpened: 0,
  connectionClosed: 0,
  streamClosed: 0,
  delivered: 0,
  sent: 0,
  dropped: 0,
  slowClientDisconnected: 0,
  started: 0,
  paged: 0,
  replayRequested: 0,
  replayFellBack: 0,
  replayCapReached: 0,
  subscriptionFailed: 0,
  rejected: 0,
  consumerInvalidated: 0,
  writeDisconnected: 0,
  sharedTransition: 0,
  deliveryLag: 0,
  fanoutBatch: 0,
  replayConsumers: 0,
  replaysWaiting: 0,
  replayWaited: 0,
  window: 0,
  lastValues: 0,
  sharedSubscriptions: 0,
  published: 0,
  close: 0,
} satisfies Record<keyof HubMetrics, 0>) as (keyof HubMetrics)[];

type Counters = Record<keyof HubMetrics, (...values: never[]) => void>;

/**
 * Catches the exceptions of metrics. They are recorded in the middle of critical work, where an exception
 * would cost a live stream its messages, or leak a connection slot.
 */
export class SafeMetrics implements NutsMetrics {
  private readonly reported = new Set<string>();

  /** @param report called for the first failure of each method, so that the hot path cannot flood the log */
  constructor(
    private readonly metrics: NutsMetrics,
    private readonly report: (method: string, error: unknown) => void,
  ) {}

  hub(name: string): HubMetrics {
    const hub: Counters = this.metrics.hub(name);
    const guarded = METHODS.map((method) => [
      method,
      (...values: never[]): void => {
        try {
          hub[method](...values);
        } catch (error) {
          this.reportOnce(method, error);
        }
      },
    ]);
    return Object.fromEntries(guarded) as HubMetrics;
  }

  service(name: string): ServiceMetrics {
    const service = this.metrics.service?.(name) ?? noopServiceMetrics;
    return {
      requested: (result, seconds) =>
        this.attempt('requested', () => service.requested(result, seconds)),
      replied: () => this.attempt('replied', () => service.replied()),
    };
  }

  readinessFailed(cause: ReadinessFailureCause): void {
    this.attempt('readinessFailed', () => this.metrics.readinessFailed(cause));
  }

  natsEvent(event: NatsConnectionEvent): void {
    this.attempt('natsEvent', () => this.metrics.natsEvent(event));
  }

  natsError(kind: NatsAsyncErrorKind): void {
    this.attempt('natsError', () => this.metrics.natsError(kind));
  }

  private attempt(method: string, count: () => void): void {
    try {
      count();
    } catch (error) {
      this.reportOnce(method, error);
    }
  }

  private reportOnce(method: string, error: unknown): void {
    if (this.reported.has(method)) return;
    this.reported.add(method);
    this.report(method, error);
  }
}
