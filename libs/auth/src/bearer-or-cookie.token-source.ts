import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { AccessOptions } from './access-options.interface.js';
import { InvalidTokenError } from './auth.errors.js';
import type { TokenSource } from './token-source.interface.js';

/** RFC 6750, section 2.1; the scheme is case-insensitive (RFC 9110, section 11.1). */
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

/**
 * Reads the token from `Authorization: Bearer`, else from the hub's cookie. The header wins: if it is
 * malformed or repeated, the request is refused without reading the cookie, because a broken header must
 * not silently change the client's identity. Query parameters are never read, because they appear in logs.
 */
@Injectable()
export class BearerOrCookieTokenSource implements TokenSource {
  extract(request: IncomingMessage, access: AccessOptions): string | undefined {
    // `headers` keeps only the first of several; `headersDistinct` has all of them.
    const headers = request.headersDistinct['authorization'];
    if (headers !== undefined) {
      const token = BEARER.exec(headers[0] ?? '')?.[1];
      if (headers.length !== 1 || token === undefined) {
        throw new InvalidTokenError('malformed_header');
      }
      return token;
    }
    return access.cookie === undefined ? undefined : cookie(request, access.cookie);
  }
}

/**
 * The first cookie with this name, because browsers send the most specific one first. An empty cookie
 * counts as absent.
 */
function cookie(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
    const value = pair.slice(equals + 1).trim();
    return value.replace(/^"(.*)"$/, '$1') || undefined;
  }
  return undefined;
}
