import type { StoredMessage } from '@nuts/nats';
import type { UncoveredSubject } from './message-window.js';

/** A requested subject and its newest retained message. */
export interface LookedUpSubject {
  readonly asked: UncoveredSubject;
  readonly last: { readonly sequence: number; readonly timeNanos: bigint } | undefined;
}

/**
 * Shares concurrent lookups of a subject's newest message: thousands of clients may resume on one quiet
 * topic. A lookup started when the window had lost just as much of the subject is equally valid.
 */
export class SharedLookups {
  private readonly running = new Map<string, Promise<StoredMessage | undefined>>();

  constructor(private readonly ask: (filter: string) => Promise<StoredMessage | undefined>) {}

  /** The newest retained message of the subject. Rejects if the lookup does. */
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

  /** A different stream is read: discard lookups of the old one. */
  forget(): void {
    this.running.clear();
  }
}
