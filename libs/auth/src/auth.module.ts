import { Module } from '@nestjs/common';
import { AUTH_METRICS, noAuthMetrics } from './auth-metrics.interface.js';
import { ConfigurableAuthModule } from './auth.module-definition.js';
import { BearerOrCookieTokenSource } from './bearer-or-cookie.token-source.js';
import { JwtTokenVerifier } from './jwt.token-verifier.js';
import { NutsAuthGuard } from './nuts-auth.guard.js';
import { SubscribeClaimTopicPolicy } from './subscribe-claim.topic-policy.js';
import { TokenSource } from './token-source.interface.js';
import { TokenVerifier } from './token-verifier.interface.js';
import { TopicPolicy } from './topic-policy.interface.js';

/**
 * The guard and its parts. It guards nothing by itself: bind `NutsAuthGuard` with `@UseGuards` or
 * `APP_GUARD`. Import it plainly for the defaults, or with `forRoot` to replace a part.
 */
@Module({
  providers: [
    NutsAuthGuard,
    { provide: TokenSource, useClass: BearerOrCookieTokenSource },
    { provide: TokenVerifier, useClass: JwtTokenVerifier },
    { provide: TopicPolicy, useClass: SubscribeClaimTopicPolicy },
    { provide: AUTH_METRICS, useValue: noAuthMetrics },
  ],
  exports: [NutsAuthGuard, TokenSource, TokenVerifier, TopicPolicy, AUTH_METRICS],
})
export class AuthModule extends ConfigurableAuthModule {}
