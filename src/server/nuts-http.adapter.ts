import { createServer, type ServerOptions } from 'node:http';
import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { boundPipelines } from './bounded-pipelines.js';
import type { UnreadAnswers } from './unread-answers.js';

/** Limits for clients. Times in ms, sizes in bytes. */
export const SERVER_LIMITS = {
  /** Enough for a token of 8 KiB, as header or cookie, and the headers of a browser; Node's default is 16 KiB. */
  maxHeaderSize: 32 * 1024,
  /** From the connection, or the last answer, to the end of the headers; a limit for slow-loris attacks. */
  headersTimeout: 15_000,
  /** To the end of the request's body. Does not limit answers. */
  requestTimeout: 20_000,
  /** Interval of the checks for the two limits above. */
  connectionsCheckingInterval: 5_000,
  /** Longer than the 60 s of common proxies, so that the proxies close idle connections. */
  keepAliveTimeout: 65_000,
} as const satisfies ServerOptions;

/**
 * Express with our own server: most of these limits must be set when the server is created, and Nest does
 * not pass them on.
 */
export class NutsHttpAdapter extends ExpressAdapter {
  constructor(private readonly unread: UnreadAnswers) {
    super();
  }

  override initHttpServer(_options: NestApplicationOptions): void {
    this.httpServer = createServer(SERVER_LIMITS, boundPipelines(this.getInstance(), this.unread));
  }
}
