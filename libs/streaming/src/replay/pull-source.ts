import type { PullReader, PullResult } from '@nuts/nats';

/** Messages and bytes per pull. A live message may have to wait for one pull. */
const PULL_MESSAGES = 512;
const PULL_BYTES = 256 * 1024;
/** With other replays in progress, live messages meet one pull after another, so each is smaller by this factor. */
const SHARE = 4;
/** After this time, in ms, a replay does not wait for its pull while it holds the turn. */
const ANSWER_MS = 10;

/** Maximum time between reading and sending a message, in ms. */
const FRESH_MS = 2000;

/** The result of a pull, and its expiry. */
export interface DatedPull extends PullResult {
  /**
   * After this time (`performance.now`) the messages are read again, so that messages deleted since are not
   * sent (contract §4).
   */
  readonly freshUntil: number;
}

/** The pulls of one replay's consumer. */
export class PullSource {
  private lastAnswerMs = 0;

  /**
   * @param late called if the response is slow: the server is far away or busy, and serial pulls would
   *   delay all replays
   */
  constructor(
    private readonly reader: PullReader,
    private readonly late: () => void,
  ) {}

  /** Pulls the next messages; fewer if other replays are in progress. */
  next(isShared: boolean): Promise<DatedPull> {
    const asked = performance.now();
    const share = isShared ? SHARE : 1;
    const result = this.reader.pull(PULL_MESSAGES / share, PULL_BYTES / share);
    const isFar = this.lastAnswerMs > ANSWER_MS;
    const timer = setTimeout(this.late, isFar ? 0 : ANSWER_MS);
    const answered = (): number => {
      clearTimeout(timer);
      const now = performance.now();
      this.lastAnswerMs = now - asked;
      return now;
    };
    // A prefetched pull may fail after its reader has ended; callers that await it still get the error.
    const dated = result.then(
      (pull) => ({ ...pull, freshUntil: answered() + FRESH_MS }),
      (error: unknown) => {
        answered();
        throw error;
      },
    );
    dated.catch(() => undefined);
    return dated;
  }
}
