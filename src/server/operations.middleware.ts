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
import { isManagement } from './management-door.js';

/** Where Prometheus scrapes (contract §2). */
export const METRICS_PATH = '/metrics';

/**
 * Keeps metrics and root probes at their door: with a `MANAGEMENT_PORT` they are there and nowhere
 * else, and nothing else is there. The scrape takes GET alone.
 */
@Injectable()
export class OperationsMiddleware implements NestMiddleware<Request, Response> {
  private readonly paths: ReadonlySet<string>;

  constructor(@Inject(PROCESS_OPTIONS) private readonly options: ProcessOptions) {
    this.paths = new Set([
      METRICS_PATH,
      ...options.hubs.flatMap(({ probes }) => [
        probes.livePath,
        probes.readyPath,
        probes.healthPath,
      ]),
    ]);
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
    if (this.options.managementPort !== undefined) {
      if (this.paths.has(path) !== isManagement(request)) {
        throw new NotFoundException(`Cannot ${request.method} ${request.originalUrl}`);
      }
    }
    if (path === METRICS_PATH && request.method !== 'GET') {
      response.set('Allow', 'GET');
      throw new MethodNotAllowedException('Method Not Allowed');
    }
    next();
  }
}
