import type { JsMsg } from 'nats';

/** One message as a frame, with the payload unchanged: no validation, no compaction. */
export interface LimitFrame {
  readonly sequence: number;
  readonly topic: string;
  readonly bytes: Buffer;
}

const decoder = new TextDecoder();

/** The frame of a message, byte for byte what the service sends for these payloads. */
export function frameOf(message: JsMsg): LimitFrame {
  const { subject: topic, seq: sequence } = message;
  const nanoseconds = message.info.timestampNanos;
  const second = new Date(Math.floor(nanoseconds / 1e6)).toISOString().slice(0, 19);
  const fraction = String(Math.floor(nanoseconds % 1e9)).padStart(9, '0');
  const payload = decoder.decode(message.data);
  const data = `{"topic":"${topic}","payload":${payload},"time":"${second}.${fraction}Z"}`;
  const bytes = Buffer.from(`event: message\ndata: ${data}\nid: ${sequence}\n\n`);
  return { sequence, topic, bytes };
}

/** The connected event. */
export function connectedFrame(topics: readonly string[], id: number): Buffer {
  const data = JSON.stringify({ topics, recovery: 'live' });
  return Buffer.from(`event: connected\ndata: ${data}\nid: ${id}\n\n`);
}
