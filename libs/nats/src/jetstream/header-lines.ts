import { headers as emptyHeaders, type MsgHdrs } from 'nats';

/**
 * The readable header lines of a message. Publishers can store lines that the client's decoder rejects with
 * an exception; one invalid line must not hide the others.
 *
 * @param text including the status line
 */
export function readableHeaders(text: string): MsgHdrs {
  const result = emptyHeaders();
  for (const line of text.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    try {
      result.append(line.slice(0, colon), line.slice(colon + 1).trim());
    } catch {
      // The decoder rejected this line.
    }
  }
  return result;
}
