import { NatsReadError, type NatsClient, type StreamFacts, type StreamMessage } from '@nuts/nats';
import {
  EMPTY,
  Observable,
  Subject,
  catchError,
  defer,
  filter,
  first,
  from,
  ignoreElements,
  merge,
  mergeMap,
  repeat,
  switchMap,
  takeUntil,
  timer,
} from 'rxjs';
import {
  START_OF_STREAM,
  compareGeneration,
  windowStart,
  type Position,
  type ResetReason,
} from './generation.js';
import { isSetBack } from './stream-identity.js';
import { TailLife } from './tail-life.js';

/** What the tail reads, and where. */
export interface TailOptions {
  readonly stream: string;
  readonly filter: string;
  readonly windowMaxMessages: number;
  readonly idleHeartbeatMs: number;
}

/** The tail's events and queries, synchronous and in order. */
export interface TailListener {
  /**
   * The last known position, even without a message. On a quiet prefix it is far above the last message,
   * and a stream that ends below it was rewound.
   */
  readonly position: Position;
  /** The stored time of a message in memory. */
  heldTimeAt(sequence: number): bigint | undefined;
  /** A stream is read for the first time, or a new stream under the same name. */
  begin(facts: StreamFacts, startSequence: number): void;
  message(message: StreamMessage): void;
  /** The stream was replaced; `begin` follows. */
  reset(reason: ResetReason): void;
  /** A consumer was lost or refused; the tail tries again. */
  lost(error: NatsReadError): void;
}

/** Pause before the tail attaches again, in ms; none after a consumer that lived for a second. */
const REATTACH_MS = 100;
const LONGEST_REATTACH_MS = 2000;
const LASTED_MS = 1000;
/**
 * How many reads, and at which interval, turn a lower last sequence into a rewind. Fewer could mean a
 * lagging leader.
 */
const REWIND_READINGS = 5;
const REWIND_READING_MS = 400;
const INACTIVE_THRESHOLD_MS = 30_000;

/**
 * Reads a stream once for all clients, with an ephemeral consumer. After any failure it creates a new
 * consumer that starts *at* the last delivered message, not after it, and compares its stored time, so that
 * a restored stream is detected. It never uses «deliver new»: a consumer that is recreated before its first
 * message would skip messages.
 */
export class Tail {
  private created: string | undefined;
  private delivered: Position = START_OF_STREAM;
  private readonly life: TailLife;
  /** The message at our last sequence has a different stored time: the stream was restored. */
  private replaced = false;
  private readonly verifications$ = new Subject<void>();
  private readonly hurries$ = new Subject<void>();
  private attemptedMs = 0;

  constructor(
    private readonly client: NatsClient,
    private readonly options: TailOptions,
    private readonly listener: TailListener,
  ) {
    this.life = new TailLife(options.idleHeartbeatMs);
  }

  /** The last delivered message; its sequence is at least the one before the window. */
  get position(): Position {
    return this.delivered;
  }

  /** Whether the consumer delivered a message or heartbeat within two idle heartbeats. */
  get alive(): boolean {
    return this.life.alive;
  }

  /** False until the first consumer responded or failed: a tail that is starting has not stalled. */
  get hasBegun(): boolean {
    return this.life.hasBegun;
  }

  /** Reads until unsubscribed; never emits, completes or errors. */
  run(): Observable<never> {
    return defer(() => this.attachOnce()).pipe(
      catchError((error: unknown) => {
        this.life.fail(error);
        this.listener.lost(asReadError(error));
        return EMPTY;
      }),
      ignoreElements(),
      repeat({ delay: () => this.pause() }),
    );
  }

  /**
   * Re-attaches and compares the stream's identity: the stream may have been replaced. Stream info is read
   * before the consumer is created, and the stream can be replaced in between. A consumer that starts
   * beyond the new stream's end waits there and seems healthy.
   */
  verifyStream(): void {
    this.verifications$.next();
  }

  /** A client is waiting for the tail: shortens the pause, but not below the minimum. */
  shortenPause(): void {
    this.hurries$.next();
  }

  private attachOnce(): Observable<unknown> {
    this.attemptedMs = performance.now();
    return this.client.status$.pipe(
      filter((status) => status === 'connected'),
      first(),
      mergeMap(() => from(this.examine())),
      mergeMap((facts) => this.follow(facts).pipe(takeUntil(this.verifications$))),
    );
  }

  /** Reads stream info and decides whether this is still the same stream. */
  private async examine(): Promise<StreamFacts> {
    for (let reading = 1; ; reading++) {
      const facts = await this.client.streamFacts(this.options.stream);
      if (this.created === undefined) return this.begin(facts);
      const reached = Math.max(this.delivered.sequence, this.listener.position.sequence);
      const verdict = compareGeneration(this.created, reached, facts);
      if (verdict === 'stream_recreated') return this.restart(facts, verdict);
      if (this.replaced) return this.restart(facts, 'stream_rewound');
      if (verdict === 'same') return this.confirm(facts);
      if (reading >= REWIND_READINGS) return this.restart(facts, 'stream_rewound');
      await new Promise((resolve) => setTimeout(resolve, REWIND_READING_MS));
    }
  }

  /** The stream's end has not moved back: checks that it is still the same store. */
  private async confirm(facts: StreamFacts): Promise<StreamFacts> {
    const { position } = this.listener;
    const known = position.sequence > this.delivered.sequence ? position : this.delivered;
    const timeAt = (sequence: number): bigint | undefined => this.listener.heldTimeAt(sequence);
    const isOther = await isSetBack(this.client, facts, known, timeAt);
    return isOther ? this.restart(facts, 'stream_rewound') : facts;
  }

  private begin(facts: StreamFacts): StreamFacts {
    this.replaced = false;
    const start = windowStart(facts, this.options.windowMaxMessages);
    this.delivered = { sequence: start - 1, timeNanos: 0n };
    // May refuse the stream. Nothing has started then, and the next round tries again.
    this.listener.begin(facts, start);
    this.created = facts.created;
    return facts;
  }

  private restart(facts: StreamFacts, reason: ResetReason): StreamFacts {
    this.created = undefined;
    this.listener.reset(reason);
    return this.begin(facts);
  }

  private follow(facts: StreamFacts): Observable<never> {
    const { stream, filter: subject, idleHeartbeatMs } = this.options;
    this.life.attach();
    const known = this.delivered.timeNanos !== 0n;
    const messages = this.client.follow({
      stream,
      start: { sequence: known ? this.delivered.sequence : this.delivered.sequence + 1 },
      filters: [subject],
      idleHeartbeatMs,
      inactiveThresholdMs: Math.min(
        INACTIVE_THRESHOLD_MS,
        facts.maxInactiveThresholdMs ?? INACTIVE_THRESHOLD_MS,
      ),
      onAlive: () => this.life.note(),
    });
    return new Observable<never>((subscriber) =>
      messages.subscribe({
        next: (message) => {
          if (message.sequence > this.delivered.sequence) this.deliver(message);
          else if (!this.isKnown(message)) {
            this.replaced = true;
            subscriber.complete();
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  }

  private isKnown(message: StreamMessage): boolean {
    const { sequence, timeNanos } = this.delivered;
    return message.sequence !== sequence || message.timeNanos === timeNanos;
  }

  private deliver(message: StreamMessage): void {
    // Uses a getter of the message, so that nothing is parsed unless the tail re-attaches at it.
    this.delivered = message;
    this.listener.message(message);
  }

  private pause(): Observable<unknown> {
    const hurried$ = timer(REATTACH_MS).pipe(switchMap(() => this.hurries$));
    return merge(timer(this.pauseMs()), hurried$).pipe(first());
  }

  private pauseMs(): number {
    const { failures } = this.life;
    if (failures <= 1 && performance.now() - this.attemptedMs >= LASTED_MS) return 0;
    return Math.min(LONGEST_REATTACH_MS, REATTACH_MS * 2 ** failures);
  }
}

function asReadError(error: unknown): NatsReadError {
  if (error instanceof NatsReadError) return error;
  return new NatsReadError('refused', error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
