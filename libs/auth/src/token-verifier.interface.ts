import { Inject } from '@nestjs/common';
import type { AccessOptions } from './access-options.interface.js';
import type { VerifiedToken } from './token-claims.js';

/** Verifies tokens. Bind the injection token of the same name to replace the default. */
export interface TokenVerifier {
  /**
   * Called once per hub at startup: reads keys, so that errors in the settings are detected immediately.
   *
   * @throws AccessOptionsError that names the setting
   */
  prepare?(access: AccessOptions): void;

  /**
   * Verifies a token and returns its content.
   *
   * @throws InvalidTokenError if the token is invalid: `401`
   * @throws KeysUnavailableException if keys are temporarily unavailable: a retryable `503`
   */
  verify(token: string, access: AccessOptions): Promise<VerifiedToken>;
}

export const TokenVerifier = Symbol('TokenVerifier');
export const InjectTokenVerifier = (): ParameterDecorator & PropertyDecorator =>
  Inject(TokenVerifier);
