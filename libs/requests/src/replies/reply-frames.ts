import { payloadJson } from './payload-json.js';
import type { Reply } from './reply.interface.js';

/** One reply as a frame; `id` is its number from 1. */
export function replyFrame(id: number, { payload, progress }: Reply): Buffer {
  const { json, isBase64 } = payloadJson(payload);
  const rest =
    (isBase64 ? ',"encoding":"base64"' : '') +
    (progress ? `,"progress":{"done":${progress.done},"total":${progress.total}}` : '');
  return Buffer.concat([
    Buffer.from('event: reply\ndata: {"payload":'),
    typeof json === 'string' ? Buffer.from(json) : json,
    Buffer.from(`${rest}}\nid: ${id}\n\n`),
  ]);
}

/** The service has ended its answer after this number of replies. */
export function endFrame(replies: number): Buffer {
  return Buffer.from(`event: end\ndata: {"replies":${replies}}\n\n`);
}

/** The answer ended early: no more replies follow. */
export function failedFrame({ code, message }: { code: number; message: string }): Buffer {
  return Buffer.from(`event: failed\ndata: ${JSON.stringify({ code, message })}\n\n`);
}

/** Keeps the connection alive between slow replies. */
export const HEARTBEAT = Buffer.from(': heartbeat\n\n');
