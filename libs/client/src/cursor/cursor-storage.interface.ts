/**
 * Where cursors are kept: `sessionStorage`, `localStorage`, or an object with these two methods, which may
 * answer later, such as one over a file or a database.
 */
export interface CursorStorage {
  /** The text stored under a key, or null. An error, or a promise that rejects, counts as null. */
  getItem(key: string): string | null | Promise<string | null>;
  /**
   * Stores a text. A promise is waited for before the next text. Errors are ignored: the position is
   * then kept in memory only.
   */
  setItem(key: string, value: string): unknown;
}
