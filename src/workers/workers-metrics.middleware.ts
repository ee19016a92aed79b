import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { MetricsExposition } from '@nuts/metrics';
import type { NextFunction, Request, Response } from 'express';
import { WORKER_LINK, type WorkerLink } from './worker-link.js';

/** Serves the metrics of all workers, instead of the route with this worker's metrics. */
@Injectable()
export class WorkersMetricsMiddleware implements NestMiddleware<Request, Response> {
  constructor(
    private readonly exposition: MetricsExposition,
    @Inject(WORKER_LINK) private readonly link: WorkerLink,
  ) {}

  async use(_request: Request, response: Response, next: NextFunction): Promise<void> {
    const text = await this.link.metrics();
    if (text === undefined) {
      next();
      return;
    }
    response.set('Cache-Control', 'no-store');
    response.set('Content-Type', this.exposition.contentType).send(text);
  }
}
