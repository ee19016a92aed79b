/** How many streams were closed, and by how many processes. */
export interface FleetClosing {
  readonly closed: number;
  /** Number of known processes in the fleet. */
  readonly processes: number;
  /** Lower than `processes` if one did not respond; that one closes its streams when it receives the request. */
  readonly answered: number;
}

/** The numbers of streams that the processes closed for one request. */
export class Tally {
  private readonly counts = new Map<string, number>();

  /** @param self the ID of this process; the wait starts with its own count */
  constructor(private readonly self: string) {}

  /** Adds the first count of each process. */
  add(process: string, closed: number): void {
    if (!this.counts.has(process)) this.counts.set(process, closed);
  }

  /** Whether this process and all the others have reported. */
  isComplete(others: readonly string[]): boolean {
    return this.counts.has(this.self) && others.every((process) => this.counts.has(process));
  }

  /**
   * Whether this process answers: the first by ID of those that reported. All see the same reports, and a
   * frozen process is not among them, whereas a queue group would route requests to it.
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
