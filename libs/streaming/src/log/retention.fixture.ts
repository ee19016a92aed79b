import { storedMessage } from '../frames/message.fixture.js';
import { LogEntry } from './log-entry.js';
import { MessageWindow } from './message-window.js';
import { Retention } from './retention.js';

/** The limits of a stream that removes nothing. */
export const NO_LIMITS = {
  maxMessagesPerSubject: -1,
  maxAgeSeconds: 0,
  appliesRollups: false,
  appliesMessageTtl: false,
  clockAheadMs: undefined,
  firstSequence: 1,
};
type Limits = Partial<Record<keyof typeof NO_LIMITS, number | boolean>>;

/** A window with the rules of a stream, and what they removed. */
export class Kept {
  readonly window = new MessageWindow({ maxMessages: 1e6, maxBytes: 1e9 }, 0);
  /** What was announced, by announcement. */
  readonly gone: number[][] = [];
  readonly left: number[][] = [];
  readonly retention = new Retention((entries) => {
    // Listeners of `gone$` come after the owner.
    expect(this.left).toHaveLength(this.gone.length);
    this.left.push(entries.map(({ sequence }) => sequence));
  });
  private sequence = 0;

  constructor(limits: Limits = {}) {
    this.retention.gone$.subscribe((entries) => {
      this.gone.push(entries.map(({ sequence }) => sequence));
    });
    this.retention.begin(this.window);
    this.adopt(limits);
  }

  adopt(limits: Limits): void {
    this.retention.adopt({ ...NO_LIMITS, ...limits } as typeof NO_LIMITS);
  }

  /** Returns whether the stream now holds only this message. */
  append(subject: string, headers: Record<string, string> = {}): boolean {
    const entry = new LogEntry(
      storedMessage('x', {
        subject,
        sequence: ++this.sequence,
        timeNanos: BigInt(Date.now()) * 1_000_000n,
        headers: {
          has: (name: string) => name in headers,
          values: (name: string) => (name in headers ? [headers[name]] : []),
        } as never,
      }),
    );
    this.window.append(entry);
    return this.retention.appended(entry);
  }

  get held(): number[] {
    return this.window.through(Infinity).map(({ sequence }) => sequence);
  }

  /** What is held after this time. */
  after(ms: number): number[] {
    jest.advanceTimersByTime(ms);
    this.retention.expire();
    return this.held;
  }
}
