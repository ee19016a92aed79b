import { createServer, type ServerOptions } from 'node:http';
import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { boundPipelines } from './bounded-pipelines.js';

/** How long strangers may take, and how much they may say. Times in ms, sizes in bytes. */
export const SERVER_LIMITS = {
  /** A token of 8 KiB, as header or cookie, beside what a browser sends; Node's default is 16. */
  maxHeaderSize: 32 * 1024,
  /** From the connection, or the last answer, to the end of the headers. Slow-loris ends here. */
  headersTimeout: 15_000,
  /** To the end of the request's body, where one is read. Answers are not bounded by it. */
  requestTimeout: 20_000,
  /** How often the two above are looked at. */
  connectionsCheckingInterval: 5_000,
  /** Longer than the 60 s of common proxies, so that it is they who close an idle connection. */
  keepAliveTimeout: 65_000,
} as const satisfies ServerOptions;

/**
 * Express with a server of our own: most of the limits can only be given when it is made, and Nest
 * passes none on.
 */
export class NutsHttpAdapter extends ExpressAdapter {
  override initHttpServer(_options: NestApplicationOptions): void {
    this.httpServer = createServer(SERVER_LIMITS, boundPipelines(this.getInstance()));
  }
}
