import {
  type PublishAck,
  NatsReadError,
  type FollowOptions,
  type NatsClient,
  type NatsStatus,
  type PullReader,
  type ReaderOptions,
  type StoredMessage,
  type StreamFacts,
  type StreamMessage,
} from '@nuts/nats';
import { BehaviorSubject, EMPTY, Observable, Subject } from 'rxjs';
import { matchesSubject } from '../topics/subject-pattern.js';
import { storedMessage } from '../frames/message.fixture.js';

/** An in-memory stream with the interface of a `NatsClient`, for tests. */
export class MemoryStream implements NatsClient {
  readonly ready = Promise.resolve();
  readonly status$ = new BehaviorSubject<NatsStatus>('connected');
  readonly events$ = EMPTY;
  readonly server = { version: '2.15.0' };
  created = '2026-01-01T00:00:00Z';
  subjects = ['>'];
  maxConsumers = -1;
  /** Overrides parts of a plain stream's configuration. */
  limits: Partial<StreamFacts> = {};
  /** Number of replay consumers that exist. */
  opened = 0;
  open = 0;
  factsRead = 0;
  refuseConsumers: NatsReadError | undefined;
  /** Readers ignore their filters, as some servers do. */
  readsWider = false;
  private messages: StreamMessage[] = [];
  protected last = 0;
  private readonly stored$ = new Subject<StreamMessage>();
  private readonly followers = new Set<(error: NatsReadError) => void>();

  get status(): NatsStatus {
    return this.status$.value;
  }

  /** Stores a message and delivers it to the followers, unless it is held back. */
  store(
    subject: string,
    payload = '{}',
    quietly = false,
    more: Partial<StreamMessage> = {},
  ): number {
    this.last += 1;
    const message = storedMessage(payload, {
      subject,
      sequence: this.last,
      timeNanos: 1_767_268_800_000_000_000n + BigInt(this.last) * 1_000_000_000n,
      ...more,
    });
    this.messages.push(message);
    if (!quietly) this.deliver(message);
    return this.last;
  }

  /** Delivers a message that was stored quietly. */
  deliver(message: StreamMessage): void {
    this.stored$.next(message);
  }

  /** Removes messages, as a purge or limits do. */
  remove(doomed: (message: StreamMessage) => boolean): void {
    this.messages = this.messages.filter((message) => !doomed(message));
  }

  /** The stored messages, in order. */
  get held(): readonly StreamMessage[] {
    return this.messages;
  }

  /** Replaces the stream by another one with the same name. */
  recreate(): void {
    this.messages = [];
    this.last = 0;
    this.created = `${this.created}1`;
    this.loseTail();
  }

  /** Returns to an older state of the same stream, as a restore does. */
  rewind(last: number): void {
    this.remove(({ sequence }) => sequence > last);
    this.last = last;
    this.loseTail();
  }

  /** Deletes the tail's consumer. */
  loseTail(): void {
    for (const lose of [...this.followers]) lose(new NatsReadError('consumer_lost', 'lost'));
  }

  streamFacts(name: string): Promise<StreamFacts> {
    this.factsRead += 1;
    return Promise.resolve({
      name,
      subjects: this.subjects,
      hasSources: false,
      firstSequence: this.messages[0]?.sequence ?? this.last + 1,
      lastSequence: this.last,
      lastTimeNanos: this.messages.at(-1)?.timeNanos ?? 0n,
      created: this.created,
      retention: 'limits',
      storage: 'memory',
      replicas: 1,
      messages: this.messages.length,
      bytes: 0,
      consumers: this.open + this.followers.size,
      maxMessages: -1,
      maxBytes: -1,
      maxAgeSeconds: 0,
      maxConsumers: this.maxConsumers,
      allowDirect: false,
      maxMessagesPerSubject: -1,
      appliesRollups: false,
      appliesMessageTtl: false,
      ...this.limits,
    });
  }

  messageAt(_stream: string, sequence: number): Promise<StoredMessage | undefined> {
    return Promise.resolve(this.messages.find((message) => message.sequence === sequence));
  }

  nextMessage(
    _stream: string,
    sequence: number,
    subject: string,
  ): Promise<StoredMessage | undefined> {
    return Promise.resolve(this.from(sequence, [subject])[0]);
  }

  lastMessage(_stream: string, subject: string): Promise<StoredMessage | undefined> {
    return Promise.resolve(this.from(1, [subject]).at(-1));
  }

  follow(options: FollowOptions): Observable<StreamMessage> {
    return new Observable((subscriber) => {
      const lose = (error: NatsReadError): void => subscriber.error(error);
      this.followers.add(lose);
      options.onAlive?.();
      const start = startOf(options);
      for (const message of this.from(start, options.filters)) subscriber.next(message);
      subscriber.add(
        this.stored$.subscribe((message) => {
          if (message.sequence >= start && this.isRead(message, options.filters)) {
            subscriber.next(message);
          }
        }),
      );
      return () => this.followers.delete(lose);
    });
  }

  openPull(options: ReaderOptions): Promise<PullReader> {
    if (this.refuseConsumers !== undefined) return Promise.reject(this.refuseConsumers);
    this.opened += 1;
    this.open += 1;
    let next = startOf(options);
    let isOpen = true;
    const made = this.last;
    const newest = this.newestOf(this.from(1, options.filters));
    const isGiven = (message: StreamMessage): boolean => {
      const { start } = options;
      if ('timeNanos' in start) return message.timeNanos >= start.timeNanos;
      return 'sequence' in start || message.sequence > made || newest.has(message);
    };
    return Promise.resolve({
      name: 'nuts_memory',
      pending: this.from(next, options.filters).filter(isGiven).length,
      pull: (batch) => {
        const messages = this.from(next, options.filters).filter(isGiven).slice(0, batch);
        next = (messages.at(-1)?.sequence ?? next - 1) + 1;
        return Promise.resolve({ messages, dry: messages.length < batch });
      },
      close: () => {
        if (isOpen) this.open -= 1;
        isOpen = false;
        return Promise.resolve();
      },
    });
  }

  publish(subject: string): Promise<PublishAck> {
    return Promise.resolve({ sequence: this.store(subject), duplicate: false });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private newestOf(messages: readonly StreamMessage[]): Set<StreamMessage> {
    return new Set(new Map(messages.map((message) => [message.subject, message])).values());
  }

  private from(sequence: number, filters: readonly string[]): StreamMessage[] {
    return this.messages.filter(
      (message) => message.sequence >= sequence && this.isRead(message, filters),
    );
  }

  private isRead(message: StreamMessage, filters: readonly string[]): boolean {
    return this.readsWider || isWanted(message, filters);
  }
}

function startOf({ start }: ReaderOptions): number {
  return 'sequence' in start ? start.sequence : 1;
}

function isWanted(message: StreamMessage, filters: readonly string[]): boolean {
  return filters.length === 0 || filters.some((filter) => matchesSubject(filter, message.subject));
}
