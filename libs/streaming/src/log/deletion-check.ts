import type { NatsClient, StoredMessage, StreamFacts } from '@nuts/nats';
import type { LogEntry } from './log-entry.js';
import type { MessageWindow } from './message-window.js';
import { readRetained } from './retained-range.js';
import type { Retention } from './retention.js';

/** Between the starts of two checks, in ms: a stream with a limit for each subject changes all the time. */
const SHORTEST_INTERVAL_MS = 1500;
/** After so long without a check that succeeds, memory is not trusted any more, in ms. */
const TRUSTED_MS = 3500;

/** The memory of last values, as far as deletions concern it. */
export interface CheckedLastValues {
  /** Another message than the known one may be the newest of the subject. */
  markUncertain(subject: string): void;
  /** Compares it with the stream. Rejects when the stream cannot be read. */
  check(): Promise<void>;
  /** Trusts nothing of it any more. */
  restart(): void;
}

/** What a check reads and compares. */
export interface CheckedLog {
  currentWindow(): MessageWindow;
  /** Whether the log's window holds messages of the subject. */
  isOurs(subject: string): boolean;
  /** A held sequence bears another message in the stream. */
  verifyStream(): void;
}

/**
 * Takes deleted messages out of the window: whenever the stream's facts show that something was removed,
 * the window's range is read once more, headers only, and what is not there leaves memory (contract §4).
 */
export class DeletionCheck {
  /** How many messages the stream had removed when the window was last known to agree with it. */
  private agreed: number | undefined;
  /** A follower may lag behind the leader's facts: one more check after a change. */
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

  /** A stream is read for the first time. */
  begin(facts: StreamFacts): void {
    this.agreed = removedFrom(facts);
    this.again = false;
    this.failingSince = undefined;
    this.startedAt = -Infinity;
  }

  /** Facts of the stream, just read. Starts a check when they ask for one; never waits. */
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

  /** @param left what left the window while the stream was read */
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

  /** The stream holds what was thought gone: whoever wants it asks JetStream. */
  private noteMissing(
    window: MessageWindow,
    first: LogEntry | undefined,
    message: StoredMessage | undefined,
    left: ReadonlySet<number>,
  ): void {
    if (message === undefined || left.has(message.sequence)) return;
    // What lies before the window was evicted, which the window knows.
    if (first === undefined || message.sequence <= first.sequence) return;
    if (!this.log.isOurs(message.subject)) return;
    window.missing(message.subject, message.sequence);
    this.lastValues.markUncertain(message.subject);
  }

  /** What cannot be compared may be gone: JetStream is asked instead. */
  private failed(window: MessageWindow): void {
    const { failingSince } = this;
    if (this.log.currentWindow() !== window || this.client.status !== 'connected') return;
    if (failingSince === undefined || performance.now() - failingSince < TRUSTED_MS) return;
    this.retention.forgetAll(window.last?.sequence ?? 0);
    this.lastValues.restart();
  }
}

/** How many messages were ever removed from a stream. */
function removedFrom({ lastSequence, messages }: StreamFacts): number {
  return lastSequence - messages;
}

/**
 * Whether messages between the first and the last retained one are missing. What goes at the front, by
 * the stream's limits, needs no check: the first sequence tells it.
 */
function hasHoles({ firstSequence, lastSequence, messages }: StreamFacts): boolean {
  return messages < lastSequence - firstSequence + 1;
}
