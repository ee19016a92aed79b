import {
  type ExecutionContext,
  HttpException,
  HttpStatus,
  Inject,
  Injectable,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerLimitDetail, ThrottlerStorage } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { clientOf } from './client-of.js';
import { getWriteRules } from './write-rules.js';

/**
 * Where the rates are counted: a `ThrottlerStorage` of `@nestjs/throttler`. The default counts in this
 * process; bind a storage of your own (Redis) to count for several.
 */
export const RATE_STORAGE = Symbol('RateStorage');

/** A rate is given in messages for this long, in ms. */
const PERIOD_MS = 1000;

/**
 * Holds each client to the rate of its target (contract §10): `429` with `Retry-After`. A client is
 * the subject that a guard identified, else the address.
 *
 * Built on `@nestjs/throttler`, Nest's own rate limiter: its guard, exceptions and storage port are
 * known to Nest developers, and storages for several processes exist. Its default storage is replaced,
 * because it blocks a client for a whole period and keeps an entry for every message.
 */
@Injectable()
export class ClientRateGuard extends ThrottlerGuard {
  // Each parameter is named: Nest merges the tokens with those of the base class, by position.
  constructor(
    @Inject(RATE_STORAGE) storage: ThrottlerStorage,
    @Inject(Reflector) reflector: Reflector,
  ) {
    const rateOf = (context: ExecutionContext): number | undefined =>
      getWriteRules(context.switchToHttp().getRequest<Request>())?.rate;
    super(
      {
        throttlers: [{ ttl: PERIOD_MS, limit: (context) => rateOf(context) ?? 0 }],
        skipIf: (context) => rateOf(context) === undefined,
        setHeaders: false,
      },
      storage,
      reflector,
    );
  }

  protected override getTracker(request: Request): Promise<string> {
    return Promise.resolve(`${getWriteRules(request)?.target ?? ''} ${clientOf(request)}`);
  }

  protected override generateKey(_context: ExecutionContext, tracker: string): string {
    return tracker;
  }

  protected override throwThrottlingException(
    context: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    const status = HttpStatus.TOO_MANY_REQUESTS;
    const response = context.switchToHttp().getResponse<Response>();
    response.set('Retry-After', String(Math.max(1, Math.ceil(timeToBlockExpire))));
    throw new HttpException(
      HttpException.createBody('Rate limit exceeded', 'Too Many Requests', status),
      status,
    );
  }
}
