import { Controller, Get, Header, Res, type Type } from '@nestjs/common';
import { MetricsExposition } from './metrics-exposition.service.js';

/** The part of a response that Express and Fastify share. */
interface HeaderBearer {
  header(name: string, value: string): unknown;
}

/**
 * A controller class for one module: a class of its own each time, because the path is metadata of
 * the class and a shared one would leak it into every other application of the process.
 */
export function createMetricsController(path: string): Type<unknown> {
  @Controller(path)
  class MetricsController {
    constructor(private readonly exposition: MetricsExposition) {}

    @Get()
    @Header('Cache-Control', 'no-store')
    scrape(@Res({ passthrough: true }) response: HeaderBearer): Promise<string> {
      response.header('Content-Type', this.exposition.contentType);
      return this.exposition.text();
    }
  }
  return MetricsController;
}
