import type { AccessOptions } from './access-options.interface.js';
import { InvalidTokenError, KeysUnavailableException } from './auth.errors.js';
import type { JwtTokenVerifier } from './jwt.token-verifier.js';

/** `true` if the token is accepted, else the reason for its refusal. */
export async function verdict(
  verifier: JwtTokenVerifier,
  token: string,
  access: AccessOptions,
): Promise<string> {
  try {
    await verifier.verify(token, access);
    return 'true';
  } catch (error) {
    if (error instanceof InvalidTokenError) return error.fault;
    return error instanceof KeysUnavailableException ? 'unavailable' : String(error);
  }
}
