import type { HubState } from '@nuts/client';
import type { Timeline } from '../model/timeline.js';
import { duration } from '../text/figures.js';
import { visibleText } from '../text/visible-text.js';
import type { Block } from './block.js';

/** Records the connection's events in the timeline, with their durations. */
export class ConnectionWatch {
  private requestedAt = 0;
  private connectedAt = 0;
  /** When events stopped arriving; undefined while they arrive. */
  private lostAt: number | undefined;
  private quietSince = 0;

  constructor(
    private readonly timeline: Timeline,
    private readonly now: () => number = Date.now,
  ) {}

  requested(url: URL): void {
    this.requestedAt = this.now();
    const cursor = url.searchParams.get('last-id');
    const start = url.searchParams.get('start') ?? 'live';
    const from = cursor === null ? `start ${start}` : `resume after ${cursor}`;
    this.timeline.add('connecting', visibleText(from), this.requestedAt);
  }

  answered(status: number): void {
    if (status !== 200) return;
    this.quietSince = this.now();
  }

  cut(): void {
    this.lostAt = this.now();
    this.timeline.add('cut', 'by this page', this.lostAt);
  }

  block(block: Block): void {
    const { event, comment, retryMs } = block;
    const at = this.now();
    if (comment?.startsWith('heartbeat')) {
      const text = `after ${duration(at - this.quietSince)} of silence`;
      this.timeline.add('heartbeat', text, at);
    } else if (comment) {
      this.timeline.add('retry', visibleText(comment), at, retryMs);
    }
    this.quietSince = at;
    switch (event ?? '') {
      case 'connected':
        return this.connected(block, at);
      case 'live':
        return this.timeline.add('live', 'history is complete', at, at - this.connectedAt);
      case 'gap':
        return this.timeline.add('gap', textOf(block, ['reason', 'topic']), at);
      case 'reset':
        return this.timeline.add('reset', textOf(block, ['reason']), at);
      case 'expiring':
        return this.timeline.add('expiring', `token expires at ${textOf(block, ['expires'])}`, at);
      default:
        return;
    }
  }

  state(state: HubState): void {
    const at = this.now();
    if (state.name === 'waiting') {
      this.lostAt ??= at;
      this.timeline.add('waiting', visibleText(state.reason), at, state.retryInMs);
    } else if (state.name === 'refused') {
      this.timeline.add('refused', `${state.status} ${visibleText(state.reason)}`, at);
    }
  }

  private connected(block: Block, at: number): void {
    this.connectedAt = at;
    const text = textOf(block, ['recovery', 'reason']);
    const away =
      this.lostAt === undefined ? '' : `, disconnected for ${duration(at - this.lostAt)}`;
    this.lostAt = undefined;
    const position = block.id ? ` after ${block.id}` : '';
    const added = visibleText(`${text}${position}${away}`);
    this.timeline.add('connected', added, at, at - this.requestedAt);
    if (block.retryMs !== undefined) {
      this.timeline.add('retry', `reconnect delay ${duration(block.retryMs)}`, at);
    }
  }
}

/** Some fields of a block's JSON, joined. */
function textOf({ data }: Block, names: readonly string[]): string {
  try {
    const value = JSON.parse(data) as Readonly<Record<string, unknown>>;
    const parts = names.flatMap((name) => {
      const part = value[name];
      return typeof part === 'string' ? [visibleText(part)] : [];
    });
    return parts.join(', ');
  } catch {
    return '';
  }
}
