import type { PageResult } from '@nuts/metrics';
import type { Admitted } from '../hub/admission.js';
import type { StreamRequest } from '../hub/stream-request.interface.js';
import type { WatchedConnection } from '../progress/stall-watch.js';

/** How a page ended. */
export interface PageOutcome {
  readonly result: PageResult;
  /** Messages sent, including gaps. */
  readonly messages: number;
}

/** The resources that a page received at admission; `release` returns all of them. */
export interface PageGrant extends Admitted {
  readonly request: StreamRequest;
  /** Maximum number of messages. */
  readonly limit: number;
  readonly watched: WatchedConnection | undefined;
  /** Later messages are not part of the page; infinite if the feed signals its end. Never rejects. */
  readonly through: () => Promise<number>;
  readonly refusalOf: (error: unknown) => unknown;
  /** Called once, when reading has ended. */
  readonly stopped: () => void;
  /** Called once, when the response has closed or the page is refused. */
  readonly release: (outcome: PageOutcome) => void;
}
