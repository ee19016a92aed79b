/** Counts what each client holds, up to a limit. Clients cost memory while they hold something. */
export class ClientPlaces {
  private readonly held = new Map<string, number>();

  /** @param most places of one client; undefined = no limit, and nothing is counted */
  constructor(private readonly most: number | undefined) {}

  /** Clients that hold something. */
  get size(): number {
    return this.held.size;
  }

  /** False when the client holds all that it may. */
  take(client: string): boolean {
    if (this.most === undefined) return true;
    const held = this.held.get(client) ?? 0;
    if (held >= this.most) return false;
    this.held.set(client, held + 1);
    return true;
  }

  release(client: string): void {
    const left = (this.held.get(client) ?? 0) - 1;
    if (left > 0) this.held.set(client, left);
    else this.held.delete(client);
  }
}
