import { Inject, Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import type { AccessOptions } from './access-options.interface.js';
import { AccessOptionsError } from './auth.errors.js';
import { AUTH_OPTIONS } from './auth.module-definition.js';
import { type AuthModuleOptions, JwksOptions } from './auth-options.js';
import { parseCompactToken } from './compact-token.js';
import { hmacKeySource, pemKeySource } from './keys/fixed-keys.js';
import { jwksUrl } from './keys/jwks-url.js';
import { JwksKeySource } from './keys/jwks.key-source.js';
import type { KeySource } from './keys/key-source.interface.js';
import { checkClaims, type VerifiedToken } from './token-claims.js';
import type { TokenVerifier } from './token-verifier.interface.js';

/** Verifies JSON Web Tokens with the kind of key in the hub's settings (contract §6). */
@Injectable()
export class JwtTokenVerifier implements TokenVerifier, OnApplicationShutdown {
  private readonly sources = new WeakMap<AccessOptions, KeySource>();
  /** Keyed by issuer, URL and ages: hubs with the same provider share its keys, others do not. */
  private readonly keySets = new Map<string, JwksKeySource>();
  private readonly closed = new AbortController();
  private readonly jwks: JwksOptions;

  constructor(@Optional() @Inject(AUTH_OPTIONS) options?: AuthModuleOptions) {
    this.jwks = { ...new JwksOptions(), ...options?.jwks };
  }

  prepare(access: AccessOptions): void {
    const source = this.sourceFor(access);
    if (source instanceof JwksKeySource) source.prepare();
  }

  async verify(text: string, access: AccessOptions): Promise<VerifiedToken> {
    const source = this.sourceFor(access);
    const token = parseCompactToken(text);
    const { isRevoked } = await source.checkSignature(token);
    const verified = checkClaims(token.payload, access, Date.now());
    return isRevoked === undefined ? verified : { ...verified, isRevoked };
  }

  /** Aborts pending fetches. */
  onApplicationShutdown(): void {
    this.closed.abort();
  }

  private sourceFor(access: AccessOptions): KeySource {
    const known = this.sources.get(access);
    if (known !== undefined) return known;
    const source = this.createSource(access);
    this.sources.set(access, source);
    return source;
  }

  private createSource(access: AccessOptions): KeySource {
    const { secret, publicKeyFile, jwksUrl: address } = access;
    const given = [secret, publicKeyFile, address].filter((value) => value !== undefined);
    if (given.length > 1) {
      throw new AccessOptionsError(
        'subscriber_jwt_key',
        'and subscriber_jwt_public_key and subscriber_jwks_url exclude each other: keep one',
      );
    }
    if (secret !== undefined) return hmacKeySource(secret);
    if (publicKeyFile !== undefined) return pemKeySource(publicKeyFile);
    if (address !== undefined) return this.keySet(jwksUrl(address), access);
    throw new AccessOptionsError(
      'subscriber_jwt_key',
      'or subscriber_jwt_public_key or subscriber_jwks_url must be set to check tokens',
    );
  }

  private keySet(url: URL, access: AccessOptions): JwksKeySource {
    const options: JwksOptions = {
      ...this.jwks,
      ...(access.jwksMaxAgeMs !== undefined && { maxAgeMs: access.jwksMaxAgeMs }),
      ...(access.jwksMaxStaleMs !== undefined && { maxStaleMs: access.jwksMaxStaleMs }),
    };
    const name = JSON.stringify([access.issuer, url.href, options.maxAgeMs, options.maxStaleMs]);
    const known = this.keySets.get(name);
    if (known !== undefined) return known;
    const keySet = new JwksKeySource(url, options, this.closed.signal);
    this.keySets.set(name, keySet);
    return keySet;
  }
}
