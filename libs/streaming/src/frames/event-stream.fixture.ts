/** What a client derives from one block: an event, or only a new last event ID or delay. */
export interface ParsedBlock {
  /** Undefined if no event is dispatched. */
  readonly event?: { readonly type: string; readonly data: string };
  readonly lastEventId: string;
  readonly retry?: number;
  /** Every line of the block in order, as written. */
  readonly lines: readonly string[];
}

/**
 * Parses an event stream exactly as the standard specifies
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation),
 * deliberately without a library, as a second opinion in tests. Throws if the last block is incomplete or
 * the bytes are not UTF-8.
 */
export function parseEventStream(bytes: Uint8Array): ParsedBlock[] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.pop() !== '') throw new Error('The last line has no end');
  const blocks: ParsedBlock[] = [];
  let lastEventId = '';
  let pending: string[] = [];
  for (const line of lines) {
    if (line !== '') {
      pending.push(line);
      continue;
    }
    const block = readBlock(pending, lastEventId);
    lastEventId = block.lastEventId;
    blocks.push(block);
    pending = [];
  }
  if (pending.length > 0) throw new Error('The last block is not closed');
  return blocks;
}

function readBlock(lines: string[], idBefore: string): ParsedBlock {
  let data = '';
  let type = '';
  let lastEventId = idBefore;
  let retry: number | undefined;
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') type = value;
    else if (field === 'data') data += `${value}\n`;
    else if (field === 'id' && !value.includes('\0')) lastEventId = value;
    else if (field === 'retry' && /^[0-9]+$/.test(value)) retry = Number(value);
  }
  const event = data === '' ? undefined : { type: type || 'message', data: data.slice(0, -1) };
  return { event, lastEventId, retry, lines };
}
