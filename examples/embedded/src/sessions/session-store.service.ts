import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';

const COOKIE = /(?:^|;\s*)session=([\w-]{1,128})(?:;|$)/;

/** Users by session. */
@Injectable()
export class SessionStore {
  private readonly users = new Map<string, string>();

  /** @returns the session, for a cookie */
  begin(user: string): string {
    const session = randomBytes(24).toString('base64url');
    this.users.set(session, user);
    return session;
  }

  /** @returns the user of the session */
  end(request: IncomingMessage): string | undefined {
    const session = sessionOf(request);
    const user = this.users.get(session);
    this.users.delete(session);
    return user;
  }

  userOf(request: IncomingMessage): string | undefined {
    return this.users.get(sessionOf(request));
  }
}

function sessionOf({ headers }: IncomingMessage): string {
  return COOKIE.exec(headers.cookie ?? '')?.[1] ?? '';
}
