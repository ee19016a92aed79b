import type { PullReader, PullResult } from '@nuts/nats';

/** Messages and bytes of one pull: what a live message may have to wait for. */
const PULL_MESSAGES = 512;
const PULL_BYTES = 256 * 1024;
/** Beside other replays, live messages meet one pull after the other: each is so much smaller. */
const SHARE = 4;
/** An answer that takes longer is not worth waiting for with the others' turn in hand, in ms. */
const ANSWER_MS = 10;

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
  next(isShared: boolean): Promise<PullResult> {
    const asked = performance.now();
    const share = isShared ? SHARE : 1;
    const result = this.reader.pull(PULL_MESSAGES / share, PULL_BYTES / share);
    const isFar = this.lastAnswerMs > ANSWER_MS;
    const timer = setTimeout(this.late, isFar ? 0 : ANSWER_MS);
    const answered = (): void => {
      clearTimeout(timer);
      this.lastAnswerMs = performance.now() - asked;
    };
    // A pull that is ahead may fail after its reader was left; whoever awaits it still sees it.
    result.then(answered, answered);
    return result;
  }
}
