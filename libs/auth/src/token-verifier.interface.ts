import { Inject } from '@nestjs/common';
import type { AccessOptions } from './access-options.interface.js';
import type { VerifiedToken } from './token-claims.js';

/** Who tells true tokens from false ones. Bind the token of the same name to replace the default. */
export interface TokenVerifier {
  /**
   * Called once a hub at start: reads keys, so that a mistake in the settings shows at once.
   *
   * @throws AccessOptionsError that names the setting
   */
  prepare?(access: AccessOptions): void;

  /**
   * What a true token says.
   *
   * @throws InvalidTokenError the client's fault: `401`
   * @throws KeysUnavailableException keys cannot be had at the moment: a retryable `503`
   */
  verify(token: string, access: AccessOptions): Promise<VerifiedToken>;
}

export const TokenVerifier = Symbol('TokenVerifier');
export const InjectTokenVerifier = (): ParameterDecorator & PropertyDecorator =>
  Inject(TokenVerifier);
