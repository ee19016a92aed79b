const KEY = 'nuts-console-token';

/** The token that was pasted: of this tab alone, gone with it, and in no link. */
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
      // Forbidden by the browser: kept in memory only.
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
