import type { StreamLog } from '../log/stream-log.js';
import type { SubjectSet } from '../log/subject-set.js';
import type { InitialProgress } from '../replay/initial-scope.js';
import type { EntryEncoder } from './entry-encoder.js';
import type { ChannelSegments } from './segment-cache.js';
import { SEGMENT_BYTES, Segment, type SequencedFrame } from './segment.js';

/** Initial values for one write. */
export interface InitialPart {
  readonly segment: Segment;
  /** See `NewestOfSet.lacks`. */
  readonly lacks: boolean;
}

/** Makes `event: live` for a position. */
export type LiveFrame = (position: number) => Buffer;

/** The last part and the frame that announces its end, as it was made for the last client. */
interface AnnouncedPart {
  readonly part: Segment;
  readonly whole: Segment;
}

/**
 * The newest messages of a channel's subjects, out of memory (contract §9). A crowd that starts on a set
 * that nobody publishes to at the moment shares one position, and the bytes.
 */
export class InitialValues {
  private shared = -1;
  private checked = -1;
  private generation = -1;
  private announced: AnnouncedPart | undefined;

  /** @param known parts that were made for others too, by the value that they follow */
  constructor(
    private readonly set: SubjectSet,
    private readonly encoder: EntryEncoder,
    private readonly log: StreamLog,
    private readonly known: ChannelSegments,
  ) {}

  /** Nobody uses the channel any more. */
  close(): void {
    this.forget();
  }

  /** A position that no message of the set follows. */
  get position(): number {
    const { messages, position, generation } = this.log;
    const isSame = generation === this.generation && this.shared >= 0;
    const isUnmoved = isSame && position.sequence === this.checked;
    const isCurrent =
      isUnmoved || (isSame && messages.after(this.set, this.checked, 1).length === 0);
    if (!isCurrent) {
      this.shared = position.sequence;
      this.generation = generation;
      this.forget();
    }
    this.checked = position.sequence;
    return this.shared;
  }

  /** Whether it is known, without a lookup, that no message of the set follows a position up to the log's. */
  isQuietAfter(position: number): boolean {
    const { log, shared, checked, generation } = this;
    return (
      position === shared && checked === log.position.sequence && generation === log.generation
    );
  }

  /** What follows the newest value that a client has; the last part reaches the position. */
  after({ cursor, through = 0, notBeforeNanos }: InitialProgress): InitialPart {
    if (notBeforeNanos !== undefined || through !== this.shared) {
      return this.join(cursor, through, notBeforeNanos);
    }
    const { removals } = this.log;
    const known = this.known.get(cursor);
    if (known?.removals === removals) return { segment: known.segment, lacks: false };
    const part = this.join(cursor, through, undefined);
    if (!part.lacks) this.known.set(cursor, { segment: part.segment, removals });
    return part;
  }

  /** The last part with `event: live` behind it, for one write. Clients at one position get the same bytes. */
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
    const { entries, lacks } = this.log.latest.of(this.set, cursor, through);
    const frames: SequencedFrame[] = [];
    let bytes = 0;
    for (const entry of entries) {
      if (notBeforeNanos !== undefined && entry.message.timeNanos < notBeforeNanos) continue;
      const frame = this.encoder.encodeInitial(entry);
      if (frame === undefined) continue;
      bytes += frame.bytes.length;
      if (frames.length > 0 && bytes > SEGMENT_BYTES) {
        return { segment: Segment.join(frames, frames.at(-1)?.sequence ?? cursor), lacks };
      }
      frames.push(frame);
    }
    return { segment: Segment.join(frames, through), lacks };
  }
}
