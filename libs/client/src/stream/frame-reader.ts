import type { Frame } from './frame.interface.js';

/** What a {@link frameReader} finds. */
export interface FrameHandlers {
  readonly frame: (frame: Frame) => void;
  readonly comment?: (text: string) => void;
  readonly retry?: (ms: number) => void;
}

/**
 * A function that takes text of an event stream, cut anywhere, and reports whole blocks that have data
 * or an id, by the rules of the HTML standard. Own, for its size: `eventsource-parser` is a fifth of
 * what this package may weigh. Expects a decoder that has removed the byte order mark.
 */
export function frameReader({ frame, comment, retry }: FrameHandlers): (text: string) => void {
  let event = '';
  let data: string | undefined;
  let id: string | undefined;
  const take = (line: string): void => {
    if (line === '') {
      if (data !== undefined || id !== undefined) frame({ event: event || 'message', data, id });
      event = '';
      data = id = undefined;
      return;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (name === 'data') data = data === undefined ? value : `${data}\n${value}`;
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) retry?.(Number(value));
    else if (name === '') comment?.(value);
  };
  // Joined when a line ends: a long line in small pieces would be copied once for each of them.
  let pieces: string[] = [];
  let afterReturn = false;
  return (text) => {
    const begin = afterReturn && text[0] === '\n' ? 1 : 0;
    if (text !== '') afterReturn = text.endsWith('\r');
    const lines = text.slice(begin).split(/\r\n|\r|\n/);
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      take(pieces.length > 0 ? pieces.join('') + line : line);
      pieces = [];
    }
    if (rest !== '') pieces.push(rest);
  };
}
