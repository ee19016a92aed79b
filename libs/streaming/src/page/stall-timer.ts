/** How long reading may make no progress if the client is not the reason, in ms. */
const PATIENCE_MS = 10_000;

/** Detects that reading makes no progress: the tail or the server does not respond any more. */
export class StallTimer {
  private seen = -1;
  private since = performance.now();

  /** @param progress increases while reading makes progress */
  constructor(private readonly progress: () => number) {}

  get isStalled(): boolean {
    const now = performance.now();
    const progress = this.progress();
    if (progress !== this.seen) {
      this.seen = progress;
      this.since = now;
    }
    return now - this.since > PATIENCE_MS;
  }
}
