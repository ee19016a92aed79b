import type { NatsClient, NatsReadError, StreamFacts, StreamMessage } from '@nuts/nats';
import { Subject, type Observable, type Subscription } from 'rxjs';
import type { Position, ResetReason } from './generation.js';
import type { LogEntry } from './log-entry.js';
import { LogHealth, type LogTrouble } from './log-health.js';
import { LogMemory, type LogMemoryOptions } from './log-memory.js';
import { LogRefresh } from './log-refresh.js';
import type { MessageWindow, UncoveredSubject } from './message-window.js';
import type { NewestMessages } from './newest-messages.js';
import { NewestPosition } from './newest-position.js';
import { PositionWait } from './position-wait.js';
import type { LookedUpSubject } from './shared-lookups.js';
import { StreamFactsKeeper } from './stream-facts.keeper.js';
import { Tail, type TailListener } from './tail.js';
import { tailFilter } from './tail-filter.js';
import { UnusableStreamError } from './unusable-stream.error.js';

export interface StreamLogOptions extends LogMemoryOptions {
  /** The bucket that the stream stores, if it is one. */
  readonly kvBucket?: string | undefined;
  readonly idleHeartbeatMs: number;
}

/**
 * The shared log of one stream and prefix: one tail, one window, the stream info and the newest position.
 * All sessions read from it, and hubs with the same stream and prefix share it.
 */
export class StreamLog implements TailListener {
  /** Every message of the prefix, in order, immediately after it entered the window. */
  readonly appended$ = new Subject<LogEntry>();
  /** The stream was replaced. During this event, the window still holds the old messages. */
  readonly reset$ = new Subject<ResetReason>();
  /** A stream is read for the first time, or a new stream under the same name. */
  readonly begun$ = new Subject<StreamFacts>();
  /** A consumer of the tail was lost or refused. */
  readonly lost$ = new Subject<NatsReadError>();
  /** The stream cannot be served at startup; the message is for the operator. */
  readonly unusable$ = new Subject<UnusableStreamError>();

  readonly memory: LogMemory;
  private readonly tail: Tail;
  private readonly keeper: StreamFactsKeeper;
  private readonly newest: NewestPosition;
  /** Counts the streams that were read, because a restored stream keeps its creation time. */
  private generationNumber = 0;
  private unusable: UnusableStreamError | undefined;
  private running: Subscription | undefined;
  private readonly refresher: LogRefresh;
  private readonly health: LogHealth;
  private readonly waits = new PositionWait({
    current: () => this.position.sequence,
    appended$: this.appended$,
    prove: (facts) => this.refresher.prove(facts),
  });

  constructor(
    readonly client: NatsClient,
    readonly options: StreamLogOptions,
  ) {
    this.keeper = new StreamFactsKeeper(client, options.stream, (facts) =>
      this.memory.notice(facts),
    );
    this.memory = new LogMemory(client, options, {
      freshFacts: () => this.freshFacts(),
      reach: (facts) => this.reach(facts),
      reached: () => this.position.sequence,
      verifyStream: () => this.tail.verifyStream(),
    });
    const subject = tailFilter(options.topicPrefix);
    this.tail = new Tail(
      client,
      {
        stream: options.stream,
        filter: subject,
        windowMaxMessages: options.window.maxMessages,
        idleHeartbeatMs: options.idleHeartbeatMs,
      },
      this,
    );
    this.newest = new NewestPosition(
      () => client.lastMessage(options.stream, subject),
      () => this.tail.position.sequence,
    );
    const { keeper, memory, newest, tail } = this;
    const parts = { client, keeper, memory, newest, tail };
    this.refresher = new LogRefresh({ ...parts, generation: () => this.generationNumber });
    this.health = new LogHealth({ ...parts, isUnusable: () => this.unusable !== undefined });
  }

  /** Starts reading. `stop` ends it and deletes the consumer. */
  start(): void {
    if (this.running !== undefined) return;
    this.running = this.tail.run().subscribe();
    this.running.add(this.refresher.start());
  }

  stop(): void {
    this.running?.unsubscribe();
    this.running = undefined;
  }

  /** The latest stream info of this process; it may lag behind the stream. */
  get facts(): StreamFacts | undefined {
    return this.keeper.facts;
  }

  /** A request is waiting: a tail that pauses before its next attempt may attach now. */
  shortenPause(): void {
    this.tail.shortenPause();
  }

  /** See {@link StreamFactsKeeper.readMs}. */
  get readMs(): number {
    return this.keeper.readMs;
  }

  /** See `StreamFactsKeeper.afterNow`. */
  freshFacts(): Promise<StreamFacts> {
    return this.keeper.afterNow();
  }

  /** Changes when the stream is replaced; knowledge about an earlier generation is void. */
  get generation(): number {
    return this.generationNumber;
  }

  /** The newest position: all messages of the prefix up to here entered the window. */
  get position(): Position {
    return this.newest.current;
  }

  /** The stream's last known sequence: messages up to here are history. */
  get lastKnownSequence(): number {
    return Math.max(this.position.sequence, this.keeper.facts?.lastSequence ?? 0);
  }

  /**
   * Waits briefly until the window has everything up to this stream info; undefined if it already has.
   * Never rejects.
   */
  reach(facts: StreamFacts): Promise<void> | undefined {
    return this.waits.reach(facts);
  }

  /** The stored time at a proven position without a message in the window. */
  knownTime(sequence: number): bigint | undefined {
    return this.newest.knownTime(sequence);
  }

  /**
   * Messages removed from memory because the stream no longer holds them, or may not: deleted, purged,
   * rolled up, expired, or over a limit. Emits before the window can be read again. Evictions are not
   * included.
   */
  get gone$(): Observable<readonly LogEntry[]> {
    return this.memory.retention.gone$;
  }

  /** Number of such removals. While it is unchanged, all encoded messages are still retained. */
  get removals(): number {
    return this.memory.retention.removals;
  }

  /** The window, without expired messages. */
  get messages(): MessageWindow {
    return this.memory.messages;
  }

  /** The newest message of each subject, as far as memory knows it. */
  get latest(): NewestMessages {
    return this.memory.latest;
  }

  /** See {@link StreamFactsKeeper.retainedFrom}. */
  retainedFrom(facts: StreamFacts): number {
    return this.keeper.retainedFrom(facts);
  }

  /** See {@link LogHealth.currentTrouble}. */
  get currentTrouble(): LogTrouble | undefined {
    return this.health.currentTrouble;
  }

  /** See {@link LogHealth.canServe}. */
  get canServe(): boolean {
    return this.health.canServe;
  }

  /**
   * Looks up the newest message of subjects that memory may have lost, and caches the results for all
   * sessions.
   *
   * @returns the newest retained message of each subject, if there is one
   */
  lookUp(uncovered: readonly UncoveredSubject[]): Promise<LookedUpSubject[]> {
    return this.memory.lookUp(uncovered);
  }

  heldTimeAt(sequence: number): bigint | undefined {
    return this.memory.heldTimeAt(sequence);
  }

  begin(facts: StreamFacts, startSequence: number): void {
    this.unusable = UnusableStreamError.of(facts, this.options, this.client.inboxPrefix);
    if (this.unusable !== undefined) {
      // Once a stream was read, the failure concerns this hub only: the stream can be repaired while others
      // are served.
      if (this.generationNumber === 0) this.unusable$.next(this.unusable);
      throw this.unusable;
    }
    this.begun$.next(facts);
    this.memory.begin(facts, startSequence - 1);
    this.keeper.adopt(facts);
    this.newest.begin(startSequence - 1);
    this.generationNumber++;
    this.memory.beginReading();
    void this.newest.prove(facts).catch(() => undefined);
  }

  message(message: StreamMessage): void {
    if (!this.newest.advance(message)) return;
    const entry = this.memory.append(message);
    if (entry !== undefined) this.appended$.next(entry);
    this.newest.reached(message);
  }

  reset(reason: ResetReason): void {
    this.reset$.next(reason);
    this.memory.reset();
    this.newest.begin(0);
  }

  lost(error: NatsReadError): void {
    if (error.kind === 'stream_not_found' && this.keeper.facts === undefined) {
      this.unusable$.next(UnusableStreamError.missing(this.options));
    }
    this.lost$.next(error);
    // Probes and clients must not wait for the next refresh to learn whether the stream was deleted too.
    if (error.kind === 'consumer_lost') void this.refresher.refresh();
  }
}
