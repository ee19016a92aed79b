/** Points that a plot keeps: an hour at more than ten a second. */
const MOST_POINTS = 50_000;

/** The values of one field over time, in the order of the stream. */
export class Series {
  /** Seconds since 1970. */
  times: number[] = [];
  values: number[] = [];
  version = 0;
  private newest = -1n;

  /** Adds a point unless the stream's position says that it is there already. */
  add(id: string, time: string, receivedAt: number, value: number): void {
    const sequence = BigInt(/^\d{1,20}/.exec(id)?.[0] ?? 0);
    if (sequence <= this.newest) return;
    this.newest = sequence;
    const at = Date.parse(time) || receivedAt;
    this.times.push(at / 1_000);
    this.values.push(value);
    if (this.times.length > MOST_POINTS) {
      // In one piece: a shift for each point would move all of them.
      this.times = this.times.slice(MOST_POINTS / 10);
      this.values = this.values.slice(MOST_POINTS / 10);
    }
    this.version += 1;
  }

  /** Takes out what is older. */
  keepSince(seconds: number): void {
    const first = this.times.findIndex((time) => time >= seconds);
    const gone = first === -1 ? this.times.length : first;
    // Not for each point: what stands left of the plot does not show.
    if (gone < 1_000) return;
    this.times = this.times.slice(gone);
    this.values = this.values.slice(gone);
  }
}
