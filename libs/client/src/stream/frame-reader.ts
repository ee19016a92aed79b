import type { Frame } from './frame.interface.js';

/** The callbacks of a {@link frameReader}. */
export interface FrameHandlers {
  readonly frame: (frame: Frame) => void;
  readonly comment?: (text: string) => void;
  readonly retry?: (ms: number) => void;
}

/**
 * Returns a function that parses text of an event stream in arbitrary chunks, and reports complete blocks
 * with data or an ID, according to the HTML standard. Not a library, because of its size:
 * `eventsource-parser` is a fifth of this package's limit. The decoder must remove the byte order mark.
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
  // Joined at the end of a line: otherwise a long line in small chunks would be copied for each chunk.
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
