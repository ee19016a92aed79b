import { Controller, Get, Header, Res, type Type } from '@nestjs/common';
import { MetricsExposition } from './metrics-exposition.service.js';

/** The common part of Express's and Fastify's responses. */
interface HeaderBearer {
  header(name: string, value: string): unknown;
}

/**
 * Creates a controller class per module: the path is metadata of the class, and a shared class would leak
 * it into other applications of the process.
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
