import type { Channel } from '../channel/channel.js';
import type { FrameSink } from '../session/response-writer.js';
import type { DatedPull } from './pull-source.js';
import { ReplayEncoder } from './replay-encoder.js';
import type { ReplayPatience } from './replay-patience.js';
import type { ReplayScope } from './replay-scope.js';
import type { ReplayTarget } from './replay-target.interface.js';

/** Writes a replay's pulls as fast as the client accepts them, and advances its cursor. */
export class ReplayWriter {
  private readonly encoder: ReplayEncoder;

  constructor(
    private readonly channel: Channel,
    private readonly sink: FrameSink,
    private readonly target: ReplayTarget,
    private readonly patience: ReplayPatience,
    private readonly scope: Pick<ReplayScope, 'role' | 'wants'>,
  ) {
    this.encoder = new ReplayEncoder(channel.encoder, scope.role);
  }

  /**
   * Writes the messages of one pull. Returns false if the slot must be released or the messages expire
   * before the client has accepted them.
   *
   * @param slow called if the client does not accept them immediately
   */
  async write({ messages, freshUntil }: DatedPull, slow: () => void): Promise<boolean> {
    const { cursor } = this.target;
    // The reader may deliver more than requested if the server cannot filter exactly.
    const wanted = messages.filter(
      (message) =>
        message.sequence > cursor &&
        this.channel.set.matches(message.subject) &&
        this.scope.wants(message),
    );
    const through = Math.max(cursor, messages.at(-1)?.sequence ?? 0);
    for (let segment of this.encoder.encode(wanted, through, this.sink.isFlushed)) {
      while (segment.frames > 0) {
        if (performance.now() > freshUntil) return false;
        const part = this.sink.fit(segment);
        if (part.frames === 0) {
          if (await this.patience.waitForRoom(slow)) continue;
          return false;
        }
        this.target.emit(part);
        this.reach(part.through);
        segment = segment.skip(part.frames);
      }
      this.reach(segment.through);
    }
    return true;
  }

  /** Releases the memory while nothing is read. */
  release(): void {
    this.encoder.release();
  }

  /** Not before a message was written: the next consumer would start without the time limit. */
  private reach(sequence: number): void {
    if (sequence <= this.target.cursor) return;
    this.target.cursor = sequence;
    this.target.notBeforeNanos = undefined;
  }
}
