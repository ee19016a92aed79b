import type { Frame } from '../stream/frame.interface.js';
import type { Message } from './message.interface.js';

/** The `data` of a frame with an envelope. */
type Envelope = Omit<Message, 'id' | 'event'> & { readonly sequence?: number };

/** Parses the message in a frame of a connection that delivers `topics`. */
export function parseMessage({ event, data = '', id }: Frame, topics: readonly string[]): Message {
  const envelope = parseEnvelope(data);
  if (envelope) {
    const { sequence, ...rest } = envelope;
    return { ...rest, id: id ?? String(sequence ?? ''), event };
  }
  // With `payload_format raw`, the event name may be the topic.
  const [only = ''] = topics.length === 1 ? topics : [];
  const topic = event === 'message' ? only : event;
  return { topic, payload: data, id: id ?? '', time: '', event };
}

function parseEnvelope(data: string): Envelope | undefined {
  if (!data.startsWith('{"topic":')) return undefined;
  try {
    const value = JSON.parse(data) as Envelope;
    return typeof value.time === 'string' && 'payload' in value ? value : undefined;
  } catch {
    return undefined;
  }
}
