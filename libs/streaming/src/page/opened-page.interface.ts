import type { Readable } from 'node:stream';

/** A page whose first bytes are known. */
export interface OpenedPage {
  /** The body. It never fails: a page that cannot be completed reports `more`. */
  readonly readable: Readable;
}
