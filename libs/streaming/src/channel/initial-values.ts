import type { StreamLog } from '../log/stream-log.js';
import type { SubjectSet } from '../log/subject-set.js';
import type { InitialProgress } from '../replay/initial-scope.js';
import type { EntryEncoder } from './entry-encoder.js';
import type { ChannelSegments } from './segment-cache.js';
import type { Segment } from './segment.js';
import { SegmentDraft } from './segment-draft.js';

/** Which values a session still needs. */
type WantedValues = Pick<InitialProgress, 'cursor' | 'through' | 'notBeforeNanos'>;

/** Initial values for one write. */
export interface InitialPart {
  readonly segment: Segment;
  /** See `NewestOfSet.hasReplaced`. */
  readonly hasReplaced: boolean;
}

/** Creates `event: live` for a position. */
export type LiveFrame = (position: number) => Buffer;

/** The last part with its `event: live`, as created for the previous client. */
interface AnnouncedPart {
  readonly part: Segment;
  readonly whole: Segment;
}

/**
 * The newest messages of a channel's subjects, from memory (contract §9). Many clients that start on a
 * quiet set share one position and the bytes.
 */
export class InitialValues {
  private shared = 0;
  private checked = 0;
  private generation = -1;
  private announced: AnnouncedPart | undefined;

  /** @param known parts that other sessions also use, by the value that they follow */
  constructor(
    private readonly set: SubjectSet,
    private readonly encoder: EntryEncoder,
    private readonly log: StreamLog,
    private readonly known: ChannelSegments,
  ) {}

  /** The channel is no longer used. */
  close(): void {
    this.forget();
  }

  /** A position after which there is no message of the set. */
  get position(): number {
    const { position, generation } = this.log;
    if (
      generation !== this.generation ||
      (position.sequence !== this.checked && this.isFollowed())
    ) {
      this.shared = position.sequence;
      this.generation = generation;
      this.forget();
    }
    this.checked = position.sequence;
    return this.shared;
  }

  /** Whether a message of the set followed what was checked; it may have left the window again. */
  private isFollowed(): boolean {
    const { messages } = this.log;
    return (
      !messages.covers(this.set, this.checked) ||
      messages.after(this.set, this.checked, 1).length > 0
    );
  }

  /** Whether it is known, without a lookup, that no message of the set lies between a position and the log's. */
  isQuietAfter(position: number): boolean {
    const { log, shared, checked, generation } = this;
    return (
      position === shared && checked === log.position.sequence && generation === log.generation
    );
  }

  /** The values after the newest one that a client has; the last part ends at the position. */
  after({ cursor, through = 0, notBeforeNanos }: WantedValues): InitialPart {
    if (notBeforeNanos !== undefined || through !== this.shared) {
      return this.join(cursor, through, notBeforeNanos);
    }
    const { removals } = this.log;
    const known = this.known.get(cursor);
    if (known?.removals === removals) return { segment: known.segment, hasReplaced: false };
    const part = this.join(cursor, through, undefined);
    if (!part.hasReplaced) this.known.set(cursor, { segment: part.segment, removals });
    return part;
  }

  /** Appends `event: live` to the last part, for one write. Clients at the same position get the same bytes. */
  announce(part: Segment, position: number, frame: LiveFrame): Segment {
    const { announced } = this;
    if (announced?.part === part && announced.whole.through === position) return announced.whole;
    const whole = part.with({ sequence: position, bytes: frame(position), isGap: true });
    this.announced = { part, whole };
    return whole;
  }

  private forget(): void {
    this.known.clear();
    this.announced = undefined;
  }

  private join(cursor: number, through: number, notBeforeNanos: bigint | undefined): InitialPart {
    const { entries, hasReplaced } = this.log.latest.of(this.set, cursor, through);
    const draft = new SegmentDraft();
    let visited = cursor;
    for (const entry of entries) {
      if (notBeforeNanos === undefined || entry.message.timeNanos >= notBeforeNanos) {
        if (!draft.count(entry)) return { segment: draft.join(visited), hasReplaced };
        const frame = this.encoder.encodeInitial(entry);
        if (frame !== undefined && !draft.add(frame)) {
          return { segment: draft.join(visited), hasReplaced };
        }
      }
      visited = entry.sequence;
    }
    return { segment: draft.join(through), hasReplaced };
  }
}
