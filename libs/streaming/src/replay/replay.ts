import { setImmediate } from 'node:timers/promises';
import { NatsReadError, type PullReader } from '@nuts/nats';
import type { Channel } from '../channel/channel.js';
import type { StreamLog } from '../log/stream-log.js';
import type { FrameSink } from '../session/response-writer.js';
import type { Claim } from './fair-queue.js';
import type { Lease } from './lease-queue.js';
import { PullSource, type DatedPull } from './pull-source.js';
import { ReplayPatience } from './replay-patience.js';
import { HistoryScope, type ReplayScope } from './replay-scope.js';
import type { ReplayLease, ReplaySlots } from './replay-slots.js';
import type { ReplayTarget } from './replay-target.interface.js';
import { ReplayWriter } from './replay-writer.js';

/** A slot and its consumer. */
export interface OpenReplay {
  readonly lease: ReplayLease;
  readonly reader: PullReader;
  /** The stream's end, read before the consumer was created; only if the scope needs it. */
  readonly end?: number | undefined;
}

export interface ReplayContext {
  readonly log: StreamLog;
  readonly slots: ReplaySlots;
  readonly channel: Channel;
  readonly sink: FrameSink;
  /** The key by which slots are shared fairly; called only if a slot is needed. */
  readonly client: () => string;
  /** See {@link Claim}. */
  readonly waiting?: Claim['waiting'];
  /** A consumer was lost or refused. The replay continues with another one unless it rejects. */
  readonly onFailure: (failure: NatsReadError) => void;
}

/** How long a slot is kept while others wait, in ms, so that long replays do not block short ones. */
const SLOT_MS = 500;
/** The same for a client with several slots while another client waits. */
const EXCESS_SLOT_MS = 100;
/** Consecutive failures on a working connection before the session gives up. */
const FAILURES_IN_A_ROW = 8;
/** Pause before an inconclusive pull is repeated and after a failure, in ms. */
const DRY_PAUSE_MS = 25;
const FAILURE_PAUSE_MS = 250;
/** Number of subjects to look up one by one before a consumer is created. */
const LOOKUPS_AT_ONCE = 64;

/**
 * Brings a session from below the window to the point where memory takes over. It uses a bounded consumer
 * that is read no faster than the client reads, in a slot that is released if the client stalls.
 *
 * The replay is over when no subject of the session may have lost messages after the cursor. Neither
 * `num_pending` nor an empty pull proves that. For messages stored before the tail started, the proof is a
 * lookup of the subject's last message.
 */
export class Replay {
  private readonly patience: ReplayPatience;
  private readonly writer: ReplayWriter;

  constructor(
    private readonly context: ReplayContext,
    private readonly target: ReplayTarget,
    private readonly signal: AbortSignal,
    private readonly scope: ReplayScope = new HistoryScope(context, target),
  ) {
    const { channel, sink, slots } = context;
    this.patience = new ReplayPatience(sink, slots, signal);
    this.writer = new ReplayWriter(channel, sink, target, this.patience, scope);
  }

  /** Whether no consumer is needed any more. */
  get isOver(): boolean {
    return this.scope.isOver;
  }

  /**
   * Tries to finish without a consumer: looks up the last message of each uncertain subject.
   *
   * @param atMost maximum number of subjects; with more, a consumer is cheaper, unless it has nothing to
   *   deliver
   * @returns whether the replay is over
   */
  async settle(atMost = LOOKUPS_AT_ONCE): Promise<boolean> {
    const { log, channel } = this.context;
    const uncovered = log.messages.uncovered(channel.set, this.target.cursor);
    if (uncovered.length > atMost) return false;
    for (let i = 0; i < uncovered.length && !this.signal.aborted; i += LOOKUPS_AT_ONCE) {
      const found = await log.lookUp(uncovered.slice(i, i + LOOKUPS_AT_ONCE));
      this.passOver(found.map(({ last }) => last));
    }
    return this.isOver;
  }

  /**
   * Creates a consumer at the cursor if a slot is free.
   *
   * @returns undefined if all slots are taken
   */
  async tryOpen(): Promise<OpenReplay | undefined> {
    const lease = this.context.slots.tryAcquire(this.claim);
    return lease === undefined ? undefined : this.open(lease);
  }

  /**
   * Runs until the replay is over or the signal aborts. Rejects with a `NatsReadError` if the stream has
   * reached its consumer limit, or if consumers are lost repeatedly.
   */
  async run(opened?: OpenReplay): Promise<void> {
    let open = opened;
    let failures = 0;
    while (!this.signal.aborted && !this.isOver) {
      const before = this.target.cursor;
      const failure = await this.turn(open);
      open = undefined;
      if (failure !== undefined) {
        failures = this.target.cursor > before ? 1 : failures + 1;
        this.context.onFailure(failure);
        if (failure.kind === 'consumer_limit' || failures > FAILURES_IN_A_ROW) throw failure;
        // Outages do not end the session: wait, with heartbeats.
        if (this.context.log.client.status !== 'connected') failures = 0;
        await this.patience.pause(FAILURE_PAUSE_MS * 2 ** Math.min(failures, 3));
      }
      if (!this.isOver) await this.patience.untilRoom();
    }
    if (open !== undefined) close(open);
  }

  /** Reads during one slot; releases the slot and deletes its consumer before it returns. */
  private async turn(opened: OpenReplay | undefined): Promise<NatsReadError | undefined> {
    let open = opened;
    try {
      open ??= await this.openInTurn();
      if (open !== undefined) {
        this.scope.opened(open.end);
        await this.read(open);
      }
      return undefined;
    } catch (error) {
      if (error instanceof NatsReadError) return error;
      throw error;
    } finally {
      if (open !== undefined) close(open);
    }
  }

  /**
   * Waits for a slot and creates a consumer at the cursor.
   *
   * @returns undefined if none is needed any more, or if the signal aborted
   */
  async openInTurn(): Promise<OpenReplay | undefined> {
    if (this.scope.asksFirst && (await this.settle())) return undefined;
    const lease = await this.context.slots.acquire(this.signal, this.claim);
    if (lease === undefined) return undefined;
    if (this.isOver) {
      lease.release();
      return undefined;
    }
    return this.open(lease);
  }

  private get claim(): Claim {
    const { client, waiting } = this.context;
    return { client: client(), left: this.scope.left, waiting };
  }

  private async open(lease: ReplayLease): Promise<OpenReplay> {
    const { log, channel } = this.context;
    try {
      const end = await this.scope.readEnd();
      const reader = await log.client.openPull({
        stream: log.options.stream,
        start: this.scope.start,
        filters: channel.set.all.map(({ filter }) => filter),
      });
      return { lease, reader, end };
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  /** Reads until the replay is over, the client stalls while others wait, or the signal aborts. */
  private async read({ reader }: OpenReplay): Promise<void> {
    const { slots } = this.context;
    const began = performance.now();
    const client = this.context.client();
    let turn: Lease | undefined;
    let ahead: Promise<DatedPull> | undefined;
    const yieldTurn = (): void => {
      turn?.release();
      turn = undefined;
    };
    const pulls = new PullSource(reader, yieldTurn);
    try {
      while (!this.signal.aborted) {
        turn ??= await slots.turns.acquire(this.signal, { client });
        if (turn === undefined) return;
        const pull = await (ahead ?? pulls.next(slots.turns.waiting > 0));
        const { dry } = pull;
        // Alone, prefetch the next messages during the write, but not if the stream seems to be at its end.
        ahead = dry || slots.turns.waiting > 0 ? undefined : pulls.next(false);
        const isWritten = await this.writer.write(pull, yieldTurn);
        if (!isWritten || this.signal.aborted || this.isOver) return;
        // Pulls, writes and promises can follow one another without a turn of the event loop. Yield, so
        // that the tail and its live clients come first.
        await setImmediate();
        if (ahead === undefined) yieldTurn();
        const slotMs = slots.isOverShare(client) ? EXCESS_SLOT_MS : SLOT_MS;
        if (slots.waiting > 0 && performance.now() - began > slotMs) return;
        if (!dry || pull.messages.length > 0) continue;
        // A filter with many subjects without messages would stay empty indefinitely.
        await this.scope.dry();
        if (await this.settle(Infinity)) return;
        await this.patience.pause(DRY_PAUSE_MS);
      }
    } finally {
      yieldTurn();
      this.writer.release();
    }
  }

  /** With a start time, skip older messages: stored times increase with the sequence. */
  private passOver(lasts: readonly ({ sequence: number; timeNanos: bigint } | undefined)[]): void {
    const { notBeforeNanos } = this.target;
    if (notBeforeNanos === undefined) return;
    const newer = lasts.some((last) => last !== undefined && last.timeNanos >= notBeforeNanos);
    if (newer) return;
    for (const last of lasts) {
      if (last !== undefined && last.sequence > this.target.cursor) {
        this.target.cursor = last.sequence;
      }
    }
  }
}

/** Deletes the consumer before it releases the slot: the stream's limit counts consumers, not slots. */
export function close({ lease, reader }: OpenReplay): void {
  void reader.close().finally(() => lease.release());
}
