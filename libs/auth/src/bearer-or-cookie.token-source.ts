import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { AccessOptions } from './access-options.interface.js';
import { InvalidTokenError } from './auth.errors.js';
import type { TokenSource } from './token-source.interface.js';

/** RFC 6750, section 2.1; the scheme's case does not matter (RFC 9110, section 11.1). */
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

/**
 * `Authorization: Bearer`, else the cookie that the hub names. The header wins, and a malformed or
 * repeated one is refused without a look at the cookie: else a broken header would quietly change
 * who is asking. Query parameters are never read; they end up in logs.
 */
@Injectable()
export class BearerOrCookieTokenSource implements TokenSource {
  extract(request: IncomingMessage, access: AccessOptions): string | undefined {
    // `headers` would keep the first of several; `headersDistinct` shows them all.
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

/** The first cookie of that name, as browsers put the most specific one first; empty is absent. */
function cookie(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
    const value = pair.slice(equals + 1).trim();
    return value.replace(/^"(.*)"$/, '$1') || undefined;
  }
  return undefined;
}
