import type { NatsClient, StoredMessage, StreamFacts } from '@nuts/nats';
import type { LogEntry } from './log-entry.js';
import type { MessageWindow } from './message-window.js';
import { readRetained } from './retained-range.js';
import type { Retention } from './retention.js';

/** Shortest time between the starts of two checks, in ms. A stream with a limit per subject changes constantly. */
const SHORTEST_INTERVAL_MS = 1500;
/** After this time without a successful check, memory is no longer trusted, in ms. */
const TRUSTED_MS = 3500;

/** The deletion check's view of the last values. */
export interface CheckedLastValues {
  /** The known message may no longer be the newest of the subject. */
  markUncertain(subject: string): void;
  /** Compares the last values with the stream. Rejects if the stream cannot be read. */
  check(): Promise<void>;
  /** Discards everything and reads it again. */
  restart(): void;
}

/** The log that a check reads and compares. */
export interface CheckedLog {
  currentWindow(): MessageWindow;
  /** Whether the log's window holds messages of this subject. */
  isOurs(subject: string): boolean;
  /** The stream has a different message at a sequence that is in memory. */
  verifyStream(): void;
}

/**
 * Removes deleted messages from the window. When the stream info shows that messages were removed, it reads
 * the window's range again, headers only, and removes everything from memory that is missing there
 * (contract §4).
 */
export class DeletionCheck {
  /** The stream's total of removed messages when the window last matched the stream. */
  private agreed: number | undefined;
  /** Check once more after a change: a follower may lag behind the leader's stream info. */
  private again = false;
  private running = false;
  private startedAt = -Infinity;
  private failingSince: number | undefined;

  constructor(
    private readonly client: NatsClient,
    private readonly at: { readonly stream: string; readonly filter: string },
    private readonly log: CheckedLog,
    private readonly retention: Retention,
    private readonly lastValues: CheckedLastValues,
  ) {}

  /** A stream is read for the first time, or a new stream under the same name. */
  begin(facts: StreamFacts): void {
    this.agreed = removedFrom(facts);
    this.again = false;
    this.failingSince = undefined;
    this.startedAt = -Infinity;
  }

  /** Receives new stream info and starts a check if necessary; never waits. */
  notice(facts: StreamFacts): void {
    const removed = removedFrom(facts);
    if (removed === this.agreed && !this.again) return;
    if (!hasHoles(facts)) {
      this.agreed = removed;
      this.again = false;
      return;
    }
    const now = performance.now();
    if (this.running || now - this.startedAt < SHORTEST_INTERVAL_MS) return;
    this.running = true;
    this.startedAt = now;
    this.failingSince ??= now;
    const window = this.log.currentWindow();
    this.check(window)
      .then(() => this.lastValues.check())
      .then(() => {
        // The result says nothing about a stream that began meanwhile.
        if (this.log.currentWindow() !== window) return;
        this.failingSince = undefined;
        this.again = removed !== this.agreed && facts.replicas > 1;
        this.agreed = removed;
      })
      .catch(() => this.failed(window))
      .finally(() => {
        this.running = false;
      });
  }

  private async check(window: MessageWindow): Promise<void> {
    const from = window.first?.sequence;
    const through = window.last?.sequence;
    if (from === undefined || through === undefined) return;
    const left = new Set<number>();
    const leaving = this.retention.gone$.subscribe((entries) => {
      for (const { sequence } of entries) left.add(sequence);
    });
    try {
      const retained = await readRetained(this.client, { ...this.at, from, through });
      if (this.log.currentWindow() === window) this.compare(window, through, retained, left);
    } finally {
      leaving.unsubscribe();
    }
  }

  /** @param left messages that left the window during the read */
  private compare(
    window: MessageWindow,
    through: number,
    retained: readonly StoredMessage[],
    left: ReadonlySet<number>,
  ): void {
    const gone: LogEntry[] = [];
    const held = window.through(through);
    const [first] = held;
    let next = 0;
    let isReplaced = false;
    for (const entry of held) {
      for (; (retained[next]?.sequence ?? Infinity) < entry.sequence; next++) {
        this.noteMissing(window, first, retained[next], left);
      }
      const same = retained[next];
      if (same?.sequence === entry.sequence) {
        next++;
        if (same.timeNanos !== entry.message.timeNanos) isReplaced = true;
      } else gone.push(entry);
    }
    if (isReplaced) this.log.verifyStream();
    else this.retention.remove(gone);
  }

  /** The stream holds messages that were considered deleted. Sessions that need them read JetStream. */
  private noteMissing(
    window: MessageWindow,
    first: LogEntry | undefined,
    message: StoredMessage | undefined,
    left: ReadonlySet<number>,
  ): void {
    if (message === undefined || left.has(message.sequence)) return;
    // Messages before the window were evicted, and the window already records that.
    if (first === undefined || message.sequence <= first.sequence) return;
    if (!this.log.isOurs(message.subject)) return;
    window.missing(message.subject, message.sequence);
    this.lastValues.markUncertain(message.subject);
  }

  /** Messages that cannot be compared may be deleted: sessions read JetStream instead. */
  private failed(window: MessageWindow): void {
    const { failingSince } = this;
    if (this.log.currentWindow() !== window || this.client.status !== 'connected') return;
    if (failingSince === undefined || performance.now() - failingSince < TRUSTED_MS) return;
    this.retention.forgetAll(window.last?.sequence ?? 0);
    this.lastValues.restart();
  }
}

/** Total number of messages ever removed from a stream. */
function removedFrom({ lastSequence, messages }: StreamFacts): number {
  return lastSequence - messages;
}

/**
 * Whether messages are missing between the first and the last retained one. Messages that limits remove at
 * the front need no check: the first sequence shows them.
 */
function hasHoles({ firstSequence, lastSequence, messages }: StreamFacts): boolean {
  return messages < lastSequence - firstSequence + 1;
}
