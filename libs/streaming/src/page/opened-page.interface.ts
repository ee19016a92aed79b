import type { Readable } from 'node:stream';

/** A page whose beginning is known. */
export interface OpenedPage {
  /** The body. It never fails: a page that cannot be read to its end says that there is more. */
  readonly readable: Readable;
}
