import { headers as emptyHeaders, type MsgHdrs } from 'nats';

/**
 * The header lines of a message that can be read: publishers may store some that the client's own decoder
 * refuses with an exception, and one bad line must not hide the others.
 *
 * @param text with the status line first
 */
export function readableHeaders(text: string): MsgHdrs {
  const result = emptyHeaders();
  for (const line of text.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    try {
      result.append(line.slice(0, colon), line.slice(colon + 1).trim());
    } catch {
      // This line is what the decoder refused.
    }
  }
  return result;
}
