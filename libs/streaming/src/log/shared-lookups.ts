import type { StoredMessage } from '@nuts/nats';
import type { UncoveredSubject } from './message-window.js';

/** A subject that was asked for, and its newest retained message. */
export interface LookedUpSubject {
  readonly asked: UncoveredSubject;
  readonly last: { readonly sequence: number; readonly timeNanos: bigint } | undefined;
}

/**
 * Lookups of a subject's newest message, shared while they run: thousands who come back to one quiet
 * topic ask the same. What was asked when the window had lost as much is as good an answer.
 */
export class SharedLookups {
  private readonly running = new Map<string, Promise<StoredMessage | undefined>>();

  constructor(private readonly ask: (filter: string) => Promise<StoredMessage | undefined>) {}

  /** The newest retained message of the subject. Rejects as the lookup does. */
  last({ subject, lost }: UncoveredSubject): Promise<StoredMessage | undefined> {
    const key = `${lost} ${subject.filter}`;
    const known = this.running.get(key);
    if (known !== undefined) return known;
    const answer = this.ask(subject.filter).finally(() => {
      if (this.running.get(key) === answer) this.running.delete(key);
    });
    this.running.set(key, answer);
    return answer;
  }

  /** Another stream is read: answers about the old one are nobody's. */
  forget(): void {
    this.running.clear();
  }
}
