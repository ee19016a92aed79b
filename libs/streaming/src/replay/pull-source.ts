import type { PullReader, PullResult } from '@nuts/nats';

/** Messages and bytes of one pull: what a live message may have to wait for. */
const PULL_MESSAGES = 512;
const PULL_BYTES = 256 * 1024;
/** Beside other replays, live messages meet one pull after the other: each is so much smaller. */
const SHARE = 4;
/** An answer that takes longer is not worth waiting for with the others' turn in hand, in ms. */
const ANSWER_MS = 10;

/** How long messages may wait for their client after they were read, in ms. */
const FRESH_MS = 2000;

/** What one pull brought, and until when it may be sent. */
export interface DatedPull extends PullResult {
  /**
   * After this moment (`performance.now`) the messages are read again: what was deleted meanwhile is
   * not sent (contract §4).
   */
  readonly freshUntil: number;
}

/** The pulls of one replay's consumer. */
export class PullSource {
  private lastAnswerMs = 0;

  /**
   * @param late called when the answer takes long: the server is far or busy, and one pull after the
   * other would leave all replays waiting for it in turn
   */
  constructor(
    private readonly reader: PullReader,
    private readonly late: () => void,
  ) {}

  /** The next messages; fewer of them beside other replays. */
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
    // A pull that is ahead may fail after its reader was left; whoever awaits it still sees it.
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
