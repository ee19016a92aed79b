import type { PageResult } from '@nuts/metrics';
import type { Admitted } from '../hub/admission.js';
import type { StreamRequest } from '../hub/stream-request.interface.js';
import type { WatchedConnection } from '../progress/stall-watch.js';

/** How a page ended. */
export interface PageOutcome {
  readonly result: PageResult;
  /** Messages sent, gaps included. */
  readonly messages: number;
}

/** What a page was given when it was admitted; `release` gives all of it back. */
export interface PageGrant extends Admitted {
  readonly request: StreamRequest;
  /** The most messages of the page. */
  readonly limit: number;
  readonly watched: WatchedConnection | undefined;
  /** What is stored later is not in the page; infinite where the feed tells its end. Never rejects. */
  readonly through: () => Promise<number>;
  readonly refusalOf: (error: unknown) => unknown;
  /** Nothing more is read for it; once. */
  readonly stopped: () => void;
  /** Called once, when the response has closed, or when the page is refused. */
  readonly release: (outcome: PageOutcome) => void;
}
