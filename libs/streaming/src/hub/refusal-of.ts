import { NatsReadError } from '@nuts/nats';
import { StreamRefusal } from '../refusals/stream-refusal.js';

/** The answer to a request whose reading of JetStream failed; other errors stay what they are. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof NatsReadError)) return error;
  switch (error.kind) {
    case 'consumer_limit':
      return new StreamRefusal('consumer_limit', { cause: error });
    case 'disconnected':
    case 'timeout':
    case 'no_jetstream':
    case 'stream_not_found':
      return new StreamRefusal('jetstream_unavailable', { cause: error });
    case 'consumer_lost':
    case 'sequence_gap':
    case 'stalled':
    case 'refused':
      return new StreamRefusal('subscribe_failed', { cause: error });
    default:
      return error.kind satisfies never;
  }
}
