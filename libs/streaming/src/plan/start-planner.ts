import type { RequestedStart } from '@nuts/auth';
import { MomentLookup, type StreamFacts } from '@nuts/nats';
import { formatEventId } from '../frames/event-id.js';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import { readNewest } from '../log/newest-range.js';
import type { StreamLog } from '../log/stream-log.js';
import type { SubjectSet } from '../log/subject-set.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';
import type { Claim } from '../replay/fair-queue.js';
import type { LeaseQueue } from '../replay/lease-queue.js';
import { startMoment } from '../topics/start.js';
import { replayWindowStart, type Decision } from './plan.js';
import type { ThrottledFacts } from './throttled-facts.js';
import { withTimeout } from './with-timeout.js';

export interface PlannerOptions {
  readonly eventId: FrameFormat['eventId'];
  readonly replayWindowMs?: number;
}

/** How long a client waits for the first read of last values, in ms. After that, JetStream is read. */
const FIRST_READ_MS = 1000;

/** A client whose start must be looked up in the stream. */
export interface StartAsker {
  /** Aborts when the client disconnects. */
  readonly signal: () => AbortSignal;
  /** The key by which replay slots are shared fairly. */
  readonly client: () => string;
  readonly slots: LeaseQueue;
  /** See {@link Claim}. */
  readonly waiting?: Claim['waiting'];
}

/** A message's place in the stream. */
interface Placed {
  readonly sequence: number;
  readonly timeNanos: bigint;
}

/** Decides where a stream without a cursor starts (contract §9). `replay_window` limits it without a fallback. */
export class StartPlanner {
  private readonly moments: MomentLookup;

  constructor(
    private readonly log: StreamLog,
    private readonly options: PlannerOptions,
    private readonly throttledFacts: ThrottledFacts,
    private readonly now: () => number,
  ) {
    this.moments = new MomentLookup(log.client);
  }

  /** Rejects with a `NatsReadError` if the stream must be read and does not respond. */
  async plan(
    set: SubjectSet,
    start: RequestedStart | undefined,
    remembered: StreamFacts,
    asker?: StartAsker,
  ): Promise<Decision> {
    if (start === undefined || start.from === 'live') return this.live();
    const moment = startMoment(start, this.now());
    const isTimed = start.from === 'duration' || start.from === 'time';
    if (isTimed && moment === undefined) return this.live();
    const reading = this.throttledFacts.afterNow();
    const facts = (reading && (await reading)) ?? remembered;
    if (facts.created !== remembered.created) throw new StreamRefusal('jetstream_unavailable');
    const decision =
      start.from === 'last'
        ? await this.withLast(facts)
        : start.from === 'count'
          ? await this.withNewest(set, start.count, facts, asker)
          : await this.since(isTimed ? 'time' : 'all', set, facts, moment ?? 0n);
    return facts === remembered ? decision : { ...decision, streamEnd: facts.lastSequence };
  }

  private live(): Decision {
    const position = this.log.position;
    return {
      recovery: 'live',
      start: 'live',
      after: position.sequence,
      id: formatEventId(this.options.eventId, position),
    };
  }

  private async since(
    start: 'all' | 'time',
    set: SubjectSet,
    facts: StreamFacts,
    moment: bigint,
  ): Promise<Decision> {
    const oldest = this.oldest ?? 0n;
    const from = moment < oldest ? oldest : moment;
    return this.started(start, await this.lastBefore(from, set, facts));
  }

  /** The sequence after which all messages were stored at or after a time. Rejects with a `NatsReadError`. */
  private async lastBefore(moment: bigint, set: SubjectSet, facts: StreamFacts): Promise<number> {
    const beginning = Math.max(0, facts.firstSequence - 1);
    if (moment === 0n) return beginning;
    const { messages, position, options } = this.log;
    const held = messages.lastBefore(moment);
    if (held !== undefined) return held === messages.last ? position.sequence : held.sequence;
    if (messages.covers(set, beginning)) return beginning;
    return (await this.moments.sequenceAt(options.stream, moment)) - 1;
  }

  /** Without an ID: a client that disconnects before it has all initial values has no cursor. */
  private async withLast(facts: StreamFacts): Promise<Decision> {
    const { firstRead } = this.log.memory;
    if (firstRead !== undefined) await withTimeout(FIRST_READ_MS, firstRead);
    await this.log.reach(facts);
    return { ...this.started('last', this.log.position.sequence, this.oldest), id: '' };
  }

  private async withNewest(
    set: SubjectSet,
    count: number,
    facts: StreamFacts,
    asker: StartAsker | undefined,
  ): Promise<Decision> {
    await this.log.reach(facts);
    const newest = this.held(set, count, facts) ?? (await this.read(set, count, facts, asker));
    const { oldest = 0n } = this;
    const first = newest.find(({ timeNanos }) => timeNanos >= oldest);
    return this.started(
      'count',
      first === undefined ? this.log.position.sequence : first.sequence - 1,
    );
  }

  /** The newest messages from memory; undefined if it does not hold all of them. */
  private held(set: SubjectSet, count: number, facts: StreamFacts): Placed[] | undefined {
    const { messages } = this.log;
    const newest = messages.newest(set, count).map(({ message }) => message);
    const first = newest.length < count ? facts.firstSequence : (newest[0]?.sequence ?? 0);
    return messages.covers(set, first - 1) ? newest : undefined;
  }

  private async read(
    set: SubjectSet,
    count: number,
    { firstSequence, lastSequence }: StreamFacts,
    asker: StartAsker | undefined,
  ): Promise<Placed[]> {
    const claim = asker && { client: asker.client(), left: count, waiting: asker.waiting };
    const lease = await asker?.slots.acquire(asker.signal(), claim);
    try {
      if (asker?.signal().aborted === true) {
        throw new StreamRefusal('jetstream_unavailable', { reason: 'client_context_done' });
      }
      const { log } = this;
      const held = log.messages.newest(set, count);
      const span = lastSequence - (log.messages.first?.sequence ?? lastSequence) + 1;
      return await readNewest(log.client, {
        stream: log.options.stream,
        filters: set.all.map(({ filter }) => filter),
        isWanted: (subject) => set.matches(subject),
        count,
        first: firstSequence,
        ...(held.length > 0 && { stretch: (1.5 * span) / held.length }),
      });
    } finally {
      lease?.release();
    }
  }

  private started(
    start: 'all' | 'time' | 'last' | 'count',
    after: number,
    notBeforeNanos?: bigint,
  ): Decision {
    const { messages } = this.log;
    const timeNanos = messages.at(after)?.message.timeNanos ?? this.log.knownTime(after);
    return {
      recovery: 'started',
      start,
      after,
      ...(notBeforeNanos !== undefined && { notBeforeNanos }),
      id: formatEventId(this.options.eventId, {
        sequence: after,
        ...(timeNanos !== undefined && { timeNanos }),
      }),
    };
  }

  /** The start of `replay_window`, ns. */
  private get oldest(): bigint | undefined {
    const { replayWindowMs } = this.options;
    return replayWindowMs === undefined ? undefined : replayWindowStart(this.now(), replayWindowMs);
  }
}
