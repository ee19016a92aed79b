/** Where cursors are kept: `sessionStorage`, `localStorage`, or an object with these two methods. */
export interface CursorStorage {
  /** The text stored under a key, or null. */
  getItem(key: string): string | null;
  /** Stores a text. Errors are ignored: the position is then kept in memory only. */
  setItem(key: string, value: string): void;
}
