import type { Channel } from '../channel/channel.js';
import type { FrameSink } from '../session/response-writer.js';
import type { DatedPull } from './pull-source.js';
import { ReplayEncoder } from './replay-encoder.js';
import type { ReplayPatience } from './replay-patience.js';
import type { ReplayScope } from './replay-scope.js';
import type { ReplayTarget } from './replay-target.interface.js';

/** Writes the pulls of a replay as its client takes them, and moves the client's cursor. */
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
   * Writes one pull's messages; false when the slot is due, or they are too old to be sent, before the
   * client took them.
   *
   * @param slow called when the client does not take them at once
   */
  async write({ messages, freshUntil }: DatedPull, slow: () => void): Promise<boolean> {
    const { cursor } = this.target;
    // A reader may read wider than asked where the server cannot filter exactly.
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
          if (await this.patience.untilRoomOrDue(slow)) continue;
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

  /** Keeps no memory while nothing is read. */
  release(): void {
    this.encoder.release();
  }

  /** Not before something was written: another consumer would start without the bound in time. */
  private reach(sequence: number): void {
    if (sequence <= this.target.cursor) return;
    this.target.cursor = sequence;
    this.target.notBeforeNanos = undefined;
  }
}
