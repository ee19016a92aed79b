/** One block of an event stream, as received. */
export interface Block {
  /** The event's name; undefined for a block without data. */
  readonly event: string | undefined;
  readonly data: string;
  readonly id: string | undefined;
  readonly retryMs: number | undefined;
  readonly comment: string | undefined;
  /** Number of characters, including its end. */
  readonly size: number;
}

/** Splits the text of an event stream into blocks. */
export class BlockReader {
  private text = '';
  private scanned = 0;

  constructor(private readonly take: (block: Block) => void) {}

  feed(part: string): void {
    this.text += part.includes('\r') ? part.replaceAll('\r\n', '\n') : part;
    let begin = 0;
    for (;;) {
      const end = this.text.indexOf('\n\n', Math.max(begin, this.scanned - 1));
      if (end === -1) break;
      if (end > begin) this.take(parseBlock(this.text.slice(begin, end)));
      begin = end + 2;
      this.scanned = begin;
    }
    this.text = this.text.slice(begin);
    this.scanned = this.text.length;
  }
}

function parseBlock(text: string): Block {
  let event: string | undefined;
  let id: string | undefined;
  let retryMs: number | undefined;
  let comment: string | undefined;
  const data: string[] = [];
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (colon === 0) comment = value;
    else if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id') id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) retryMs = Number(value);
  }
  if (data.length > 0) event ??= 'message';
  return { event, data: data.join('\n'), id, retryMs, comment, size: text.length + 2 };
}
