import { Inject, Module, type OnModuleInit, Optional } from '@nestjs/common';
import { AUTH_METRICS, noopAuthMetrics } from './auth-metrics.interface.js';
import type { AuthModuleOptions } from './auth-options.js';
import { AUTH_OPTIONS, ConfigurableAuthModule } from './auth.module-definition.js';
import { BearerOrCookieTokenSource } from './bearer-or-cookie.token-source.js';
import { ClaimTopicPolicy } from './claim.topic-policy.js';
import { JwtTokenVerifier } from './jwt.token-verifier.js';
import { NutsAuthGuard } from './nuts-auth.guard.js';
import { TokenSource } from './token-source.interface.js';
import { InjectTokenVerifier, TokenVerifier } from './token-verifier.interface.js';
import { TopicPolicy } from './topic-policy.interface.js';

/**
 * Provides the guard and its parts. Bind `NutsAuthGuard` with `@UseGuards` or `APP_GUARD`; the module alone
 * guards nothing. Import the module class for the defaults, or use `forRoot` to replace a part.
 */
@Module({
  providers: [
    NutsAuthGuard,
    { provide: TokenSource, useClass: BearerOrCookieTokenSource },
    { provide: TokenVerifier, useClass: JwtTokenVerifier },
    { provide: TopicPolicy, useClass: ClaimTopicPolicy },
    { provide: AUTH_METRICS, useValue: noopAuthMetrics },
  ],
  exports: [NutsAuthGuard, TokenSource, TokenVerifier, TopicPolicy, AUTH_METRICS],
})
export class AuthModule extends ConfigurableAuthModule implements OnModuleInit {
  constructor(
    @InjectTokenVerifier() private readonly verifier: TokenVerifier,
    @Optional() @Inject(AUTH_OPTIONS) private readonly options?: AuthModuleOptions,
  ) {
    super();
  }

  /** @throws AccessOptionsError if a hub's settings are invalid; the application does not start. */
  onModuleInit(): void {
    for (const access of this.options?.access ?? []) this.verifier.prepare?.(access);
  }
}
