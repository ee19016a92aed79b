/** Maximum number of points: an hour with more than ten per second. */
const MAX_POINTS = 50_000;

/** The values of one field over time, in stream order. */
export class Series {
  /** Seconds since 1970. */
  times: number[] = [];
  values: number[] = [];
  version = 0;
  private newest = -1n;

  /** Adds a point, unless its stream position is already included. */
  add(id: string, time: string, receivedAt: number, value: number): void {
    const sequence = BigInt(/^\d{1,20}/.exec(id)?.[0] ?? 0);
    if (sequence <= this.newest) return;
    this.newest = sequence;
    const at = Date.parse(time) || receivedAt;
    this.times.push(at / 1_000);
    this.values.push(value);
    if (this.times.length > MAX_POINTS) {
      // Removed in bulk: a shift per point would move all of them.
      this.times = this.times.slice(MAX_POINTS / 10);
      this.values = this.values.slice(MAX_POINTS / 10);
    }
    this.version += 1;
  }

  /** Removes older points. */
  keepSince(seconds: number): void {
    const first = this.times.findIndex((time) => time >= seconds);
    const gone = first === -1 ? this.times.length : first;
    // In bulk: points left of the plot are not visible.
    if (gone < 1_000) return;
    this.times = this.times.slice(gone);
    this.values = this.values.slice(gone);
  }
}
