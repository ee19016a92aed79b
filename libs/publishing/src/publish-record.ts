import type { ServerResponse } from 'node:http';
import type { HubMetrics, PublishResult } from '@nuts/metrics';

const RECORD = Symbol('nuts.publish-record');

interface Carrier {
  [RECORD]?: PublishRecord;
}

/**
 * Counts each publish request once. A request sent to NATS is counted when its result is known, even if the
 * client has left; a refused one by the status of its answer.
 */
export class PublishRecord {
  private readonly began = performance.now();
  private isSent = false;

  private constructor(private readonly metrics: HubMetrics) {}

  /** Starts with the request. */
  static begin(request: object, response: ServerResponse, metrics: HubMetrics): void {
    const record = new PublishRecord(metrics);
    (request as Carrier)[RECORD] = record;
    response.once('close', () => record.answered(response.statusCode, response.writableFinished));
  }

  static of(request: object): PublishRecord | undefined {
    return (request as Carrier)[RECORD];
  }

  /** The message is sent to NATS; {@link finish} follows. */
  sent(): void {
    this.isSent = true;
  }

  finish(result: PublishResult): void {
    this.metrics.published(result, (performance.now() - this.began) / 1000);
  }

  private answered(status: number, isFinished: boolean): void {
    // A client that left before sending its whole body has published nothing.
    if (this.isSent || !isFinished) return;
    this.metrics.published(status === 503 ? 'unavailable' : 'refused', undefined);
  }
}
