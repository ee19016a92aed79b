/** The effect of one block of an event stream on a client. */
export interface StreamBlock {
  /** The event's name; undefined for a block without data, which dispatches nothing. */
  readonly event: string | undefined;
  readonly data: string;
  /** The ID line of this block. */
  readonly id: string | undefined;
  readonly retryMs: number | undefined;
  readonly comment: string | undefined;
}

/**
 * Parses one connection's event stream. Not the parser of a library: this one sees comments and id
 * lines of blocks that dispatch no event, and costs little for hundreds of thousands of frames.
 */
export class EventStreamParser {
  private rest = '';

  constructor(private readonly onBlock: (block: StreamBlock) => void) {}

  accept(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n').filter((line) => line !== '');
      if (lines.length > 0) this.onBlock(parseBlock(lines));
    }
  }
}

function parseBlock(lines: readonly string[]): StreamBlock {
  let event: string | undefined;
  let data: string | undefined;
  let id: string | undefined;
  let retryMs: number | undefined;
  let comment: string | undefined;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (name === 'data') data = data === undefined ? value : `${data}\n${value}`;
    else if (name === 'event') event = value;
    else if (name === 'id') id = value;
    else if (name === 'retry') retryMs = Number(value);
    else if (name === '') comment = value;
  }
  return {
    event: data === undefined ? undefined : (event ?? 'message'),
    data: data ?? '',
    id,
    retryMs,
    comment,
  };
}
