/**
 * Where cursors are stored: `sessionStorage`, `localStorage`, or an object with these two methods. They may
 * be asynchronous, for example with a file or a database.
 */
export interface CursorStorage {
  /** The text stored under a key, or null. An error or a rejected promise counts as null. */
  getItem(key: string): string | null | Promise<string | null>;
  /**
   * Stores a text. A returned promise is awaited before the next call. Errors are ignored: the position is
   * then kept in memory only.
   */
  setItem(key: string, value: string): unknown;
}
