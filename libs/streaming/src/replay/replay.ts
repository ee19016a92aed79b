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

/** A slot and the consumer that it allows. */
export interface OpenReplay {
  readonly lease: ReplayLease;
  readonly reader: PullReader;
  /** The end of the stream, read before the consumer was made; only where the replay's scope asks for it. */
  readonly end?: number | undefined;
}

export interface ReplayContext {
  readonly log: StreamLog;
  readonly slots: ReplaySlots;
  readonly channel: Channel;
  readonly sink: FrameSink;
  /** Whom slots are shared fairly among; asked when one is wanted. */
  readonly client: () => string;
  /** A consumer was lost or refused; the replay goes on with another unless it rejects. */
  readonly onFailure: (failure: NatsReadError) => void;
}

/** How long a slot is kept while others wait, in ms: a long replay does not keep a short one waiting. */
const SLOT_MS = 500;
/** The same for a client that holds several, while another one waits. */
const EXCESS_SLOT_MS = 100;
/** Failures without a message in between, on a working connection, before the session gives up. */
const FAILURES_IN_A_ROW = 8;
/** Pause before an inconclusive pull is repeated, and after a failure, in ms. */
const DRY_PAUSE_MS = 25;
const FAILURE_PAUSE_MS = 250;
/** Subjects that are looked up one by one before a consumer is made. */
const LOOKUPS_AT_ONCE = 64;

/**
 * Brings one session from below the window to where memory takes over: a bounded consumer that is
 * read no faster than its client reads, in a slot that is given back when the client stalls.
 *
 * It is over when no subject of the session lost anything after the cursor, and by nothing else:
 * neither `num_pending` nor an empty pull proves anything. What was stored before the tail began is
 * proven by looking up the subject's last message.
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

  /** True when nothing is left for a consumer to read. */
  get isOver(): boolean {
    return this.scope.isOver;
  }

  /**
   * Tries to do without a consumer: looks up the last message of each uncertain subject.
   *
   * @param atMost subjects; with more of them a consumer is cheaper, unless it has nothing to give
   * @returns true when the replay is over
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
   * Makes a consumer at the cursor if a slot is free.
   *
   * @returns undefined when all slots are taken
   */
  async tryOpen(): Promise<OpenReplay | undefined> {
    const lease = this.context.slots.tryAcquire(this.claim);
    return lease === undefined ? undefined : this.open(lease);
  }

  /**
   * Runs until the replay is over or the signal comes. Rejects with a `NatsReadError` when the stream
   * takes no more consumers, or when one after the other is lost.
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
        // An outage is not the client's affair: it is waited out, with heartbeats.
        if (this.context.log.client.status !== 'connected') failures = 0;
        await this.patience.pause(FAILURE_PAUSE_MS * 2 ** Math.min(failures, 3));
      }
      if (!this.isOver) await this.patience.untilRoom();
    }
    if (open !== undefined) close(open);
  }

  /** One slot's worth of reading; the slot and its consumer are gone when it returns. */
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
   * Makes a consumer at the cursor as soon as a slot is free.
   *
   * @returns undefined when none is needed any more, or when the signal came
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
    return { client: this.context.client(), left: this.scope.left };
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

  /** Reads until the replay is over, the client stalls while others wait, or the signal comes. */
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
        // Alone, it asks for the next ones while these are written, but never while the stream seems
        // to be at its end.
        ahead = dry || slots.turns.waiting > 0 ? undefined : pulls.next(false);
        const isWritten = await this.writer.write(pull, yieldTurn);
        if (!isWritten || this.signal.aborted || this.isOver) return;
        // Pulls, writes and promises follow one another without a turn of the loop, and replays
        // would keep the tail waiting: live clients come first.
        await setImmediate();
        if (ahead === undefined) yieldTurn();
        const slotMs = slots.isOverShare(client) ? EXCESS_SLOT_MS : SLOT_MS;
        if (slots.waiting > 0 && performance.now() - began > slotMs) return;
        if (!dry || pull.messages.length > 0) continue;
        // A filter with many subjects that have nothing would stay empty for ever.
        await this.scope.dry();
        if (await this.settle(Infinity)) return;
        await this.patience.pause(DRY_PAUSE_MS);
      }
    } finally {
      yieldTurn();
      this.writer.release();
    }
  }

  /** With a start time, what is older than it is passed over: order of sequence is order of time. */
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

/** Deletes the consumer, then frees its slot: the stream's own limit counts consumers, not slots. */
export function close({ lease, reader }: OpenReplay): void {
  void reader.close().finally(() => lease.release());
}
