const KEY = 'nuts-console-token';

/** The pasted token, stored for this tab only and never in a link. */
export class TokenStore {
  private current = read();

  get token(): string {
    return this.current;
  }

  set token(token: string) {
    this.current = token.trim();
    try {
      if (this.current === '') sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, this.current);
    } catch {
      // Forbidden by the browser: the token stays in memory only.
    }
  }
}

function read(): string {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
