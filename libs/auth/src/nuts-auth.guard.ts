import type { IncomingMessage } from 'node:http';
import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  Logger,
  UnauthorizedException,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { AccessOptions } from './access-options.interface.js';
import {
  AUTH_METRICS,
  type AuthMetrics,
  type AuthRejectionReason,
} from './auth-metrics.interface.js';
import { InvalidTokenError, type TokenFault } from './auth.errors.js';
import { loggedList } from './logged-list.js';
import { getRequestedAccess, getSubscriber, setSubscriber } from './request-subscription.js';
import type { RequestedAccess } from './requested-access.interface.js';
import type { Subscriber } from './requested-subscription.interface.js';
import { rightsEnd } from './rights-end.js';
import type { VerifiedToken } from './token-claims.js';
import { InjectTokenSource, TokenSource } from './token-source.interface.js';
import { InjectTokenVerifier, TokenVerifier } from './token-verifier.interface.js';
import { InjectTopicPolicy, TopicPolicy } from './topic-policy.interface.js';

/** RFC 6750, without an `error`: the reason for a refusal is not disclosed to clients. */
const CHALLENGE = 'Bearer realm="nuts"';

/**
 * Allows a request if its action is permitted on its topics (contract §6): for everyone on an open hub,
 * else for the identity that an earlier guard set on the request, else for the bearer of a valid token. The
 * client receives constant messages; the reason goes to the log and the metrics.
 *
 * Bind it with `@UseGuards(NutsAuthGuard)` or as `APP_GUARD`. It allows requests to routes outside hubs.
 */
@Injectable()
export class NutsAuthGuard implements CanActivate {
  protected readonly logger = new Logger(NutsAuthGuard.name);

  constructor(
    @InjectTokenSource() protected readonly source: TokenSource,
    @InjectTokenVerifier() protected readonly verifier: TokenVerifier,
    @InjectTopicPolicy() protected readonly policy: TopicPolicy,
    @Inject(AUTH_METRICS) protected readonly metrics: AuthMetrics,
    private readonly http: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<IncomingMessage>();
    const requested = getRequestedAccess(request);
    if (requested === undefined) return true;

    try {
      let subscriber = getSubscriber(request);
      if (subscriber === undefined) {
        if (requested.access === undefined) return true;
        subscriber = await this.authenticate(request, requested, requested.access);
      }
      if (rightsEnd(subscriber) === 'expired') throw new InvalidTokenError('expired');
      const allowed = await this.allows(subscriber, requested);
      if (!allowed) throw this.forbidden(requested);
      setSubscriber(request, subscriber);
      return true;
    } catch (error) {
      if (!(error instanceof InvalidTokenError)) throw error;
      throw this.unauthorized(error, requested, context);
    }
  }

  /** The request's token; undefined if there is none. */
  protected extractToken(request: IncomingMessage, access: AccessOptions): string | undefined {
    return this.source.extract(request, access);
  }

  /** The content of a valid token. */
  protected verify(token: string, access: AccessOptions): Promise<VerifiedToken> {
    return this.verifier.verify(token, access);
  }

  /** The token's subscriber and its rights. */
  protected async identify(token: VerifiedToken, requested: RequestedAccess): Promise<Subscriber> {
    return this.policy.subscriberOf(token, requested);
  }

  /** Whether the subscriber has all requested rights. */
  protected async allows(subscriber: Subscriber, requested: RequestedAccess): Promise<boolean> {
    return this.policy.allows(subscriber, requested);
  }

  private async authenticate(
    request: IncomingMessage,
    requested: RequestedAccess,
    access: AccessOptions,
  ): Promise<Subscriber> {
    const token = this.extractToken(request, access);
    if (token === undefined) throw new InvalidTokenError('missing');
    const verified = await this.verify(token, access);
    const subscriber = await this.identify(verified, requested);
    // Depends on the key, not on the claims: whatever a policy derives from them, the key may be withdrawn.
    return verified.isRevoked === undefined
      ? subscriber
      : { isRevoked: verified.isRevoked, ...subscriber };
  }

  private unauthorized(
    { fault }: InvalidTokenError,
    requested: RequestedAccess,
    context: ExecutionContext,
  ): UnauthorizedException {
    this.reject(
      fault === 'missing' ? 'auth_missing_token' : 'auth_invalid_token',
      requested,
      fault,
    );
    const response = context.switchToHttp().getResponse<object>();
    this.http.httpAdapter.setHeader(response, 'WWW-Authenticate', CHALLENGE);
    return new UnauthorizedException('Unauthorized');
  }

  private forbidden(requested: RequestedAccess): ForbiddenException {
    this.reject('auth_topic_forbidden', requested);
    return new ForbiddenException('Forbidden topic');
  }

  private reject(
    reason: AuthRejectionReason,
    { action, hub, topics }: RequestedAccess,
    fault?: TokenFault,
  ): void {
    this.metrics.rejected(reason, hub.name, action);
    const msg = action === 'subscribe' ? 'subscription refused' : `${action} refused`;
    this.logger.warn({ msg, hub: hub.name, ...loggedList('topics', topics), reason, fault });
  }
}
