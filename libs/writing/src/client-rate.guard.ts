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
 * Injection token of the rate counters: a `ThrottlerStorage` of `@nestjs/throttler`. The default counts in
 * this process; bind your own storage (Redis) to count across processes.
 */
export const RATE_STORAGE = Symbol('RateStorage');

/** The period of a rate, in ms. */
const PERIOD_MS = 1000;

/**
 * Enforces the rate limit per client (contract §10): `429` with `Retry-After`. The client is the subject
 * that a guard set, else the address.
 *
 * Based on `@nestjs/throttler`: Nest developers know its guard, exceptions and storage port, and there are
 * storages for several processes. Its default storage is replaced, because it blocks a client for a whole
 * period and keeps an entry per message.
 */
@Injectable()
export class ClientRateGuard extends ThrottlerGuard {
  // Each parameter is named: Nest merges tokens with those of the base class by position.
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
