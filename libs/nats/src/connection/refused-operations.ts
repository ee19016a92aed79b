import type { NatsConnection } from 'nats';

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
    this.connection.flush().then(
      () => {
        this.settling = false;
        this.hasRefused = true;
        this.report(`${this.text}: the server refused an operation`);
      },
      () => undefined,
    );
  }

  /** The client's status events have only the code. */
  private get text(): string {
    const { protocol } = this.connection as unknown as { protocol?: { lastError?: Error } };
    return protocol?.lastError?.message ?? 'protocol error';
  }
}
