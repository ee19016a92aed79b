/** Counts each client's open requests, up to a limit. A client uses memory only while it has some. */
export class ClientRequestCounts {
  private readonly held = new Map<string, number>();

  /** @param most maximum per client; undefined = no limit, and nothing is counted */
  constructor(private readonly most: number | undefined) {}

  /** Number of clients with open requests. */
  get size(): number {
    return this.held.size;
  }

  /** Returns false if the client has reached its limit. */
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
