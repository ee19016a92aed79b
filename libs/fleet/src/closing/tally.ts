/** How many streams were closed, in how many of the processes. */
export interface FleetClosing {
  readonly closed: number;
  /** Processes of the fleet, as far as this one knows. */
  readonly processes: number;
  /** Fewer than `processes` when one was silent: it closes the streams once it hears of the request. */
  readonly answered: number;
}

/** What the processes say that they closed for one request. */
export class Tally {
  private readonly counts = new Map<string, number>();

  /** @param self the name of this process; its own count decides when the waiting begins */
  constructor(private readonly self: string) {}

  /** Takes the first count of each process. */
  add(process: string, closed: number): void {
    if (!this.counts.has(process)) this.counts.set(process, closed);
  }

  /** Whether this process and all these others have counted. */
  isComplete(others: readonly string[]): boolean {
    return this.counts.has(this.self) && others.every((process) => this.counts.has(process));
  }

  /**
   * Whether it is this process that answers: of those who counted, the first by name. All see the same
   * counts, and one that stands still is not among them; a queue group would hand it requests.
   */
  get isAnsweredHere(): boolean {
    for (const process of this.counts.keys()) if (process < this.self) return false;
    return true;
  }

  result(others: readonly string[]): FleetClosing {
    const closed = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
    const processes = new Set([this.self, ...others, ...this.counts.keys()]).size;
    return { closed, processes, answered: this.counts.size };
  }
}
