/** For how long a page may stand still that its client does not hold up, in ms. */
const PATIENCE_MS = 10_000;

/** Tells when reading does not get on: the tail, or the server, has stopped answering. */
export class Standstill {
  private seen = -1;
  private since = performance.now();

  /** @param progress grows while the reading gets on */
  constructor(private readonly progress: () => number) {}

  get isTooLong(): boolean {
    const now = performance.now();
    const progress = this.progress();
    if (progress !== this.seen) {
      this.seen = progress;
      this.since = now;
    }
    return now - this.since > PATIENCE_MS;
  }
}
