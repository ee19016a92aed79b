import { once } from 'node:events';
import {
  Inject,
  Injectable,
  MethodNotAllowedException,
  type NestMiddleware,
  NotFoundException,
} from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { PROCESS_OPTIONS } from '../config/configuration.module.js';
import type { ProcessOptions } from '../config/process-options.interface.js';
import { isManagement } from './management-server.js';

/** The path of the Prometheus scrape (contract §2). */
export const METRICS_PATH = '/metrics';
const SCRAPE_METHODS = ['GET', 'HEAD'];

/**
 * Restricts metrics and root probes to their port: with a `MANAGEMENT_PORT`, they are served only there,
 * and nothing else is. The scrape supports only GET and HEAD, and is rendered when its answer can be sent.
 */
@Injectable()
export class OperationsMiddleware implements NestMiddleware<Request, Response> {
  private readonly probes: ReadonlySet<string>;

  constructor(@Inject(PROCESS_OPTIONS) private readonly options: ProcessOptions) {
    this.probes = new Set(
      options.hubs.flatMap(({ probes }) => [probes.livePath, probes.readyPath, probes.healthPath]),
    );
  }

  async use(request: Request, response: Response, next: NextFunction): Promise<void> {
    const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
    // The router that matches the metrics path ignores case.
    const isMetrics = path.toLowerCase() === METRICS_PATH;
    if (this.options.managementPort !== undefined) {
      if ((isMetrics || this.probes.has(path)) !== isManagement(request)) {
        throw new NotFoundException(`Cannot ${request.method} ${request.originalUrl}`);
      }
    }
    if (isMetrics && !SCRAPE_METHODS.includes(request.method)) {
      response.set('Allow', SCRAPE_METHODS.join(', '));
      throw new MethodNotAllowedException('Method Not Allowed');
    }
    // Behind the answer of a pipelined request, the text would be held until that is complete.
    if (isMetrics && response.socket === null) await once(response, 'socket');
    next();
  }
}
