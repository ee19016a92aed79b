import type { NatsConnection } from 'nats';

/**
 * How long a server may take to end the connection after its error, in ms. Writing to it earlier would
 * replace the reason of its end by `EPIPE`.
 */
const END_MS = 100;

/**
 * Operations that the server refused without ending the connection: subscriptions beyond its limit
 * (`max_subscriptions`, an account's `subs`). The error names none of them, and the client keeps them as if
 * they worked. Without the subscription that all requests share, no request would ever be answered, also
 * after the limit was lifted.
 */
export class RefusedOperations {
  private hasRefused = false;
  private hasAnswered = false;
  private settling = false;

  /** @param report called with the server's text; once for errors that arrive together */
  constructor(
    private readonly connection: NatsConnection,
    private readonly report: (text: string) => void,
  ) {}

  /** Whether requests cannot be answered: one has timed out, and none ever was answered. */
  get isDeaf(): boolean {
    return this.hasRefused && !this.hasAnswered;
  }

  /** The response to a request has arrived. */
  answered(): void {
    this.hasAnswered = true;
  }

  /** The server sent an error. If it ends the connection, its text is reported with that. */
  onError(): void {
    if (this.settling) return;
    this.settling = true;
    setTimeout(() => {
      if (!this.connection.isClosed()) this.connection.flush().then(this.survived, () => undefined);
    }, END_MS).unref();
  }

  private readonly survived = (): void => {
    this.settling = false;
    this.hasRefused = true;
    this.report(`${this.text}: the server refused an operation`);
  };

  /** The client's status events have only the code. */
  private get text(): string {
    const { protocol } = this.connection as unknown as { protocol?: { lastError?: Error } };
    return protocol?.lastError?.message ?? 'protocol error';
  }
}
