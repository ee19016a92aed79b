import { NatsReadError, type StreamFacts } from '@nuts/nats';
import { topicsOutsideStream } from '../plan/stream-subjects.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';

/** Maps a failed JetStream read to the refusal for a request; returns other errors unchanged. */
export function refusalOf(error: unknown, topics: readonly string[]): unknown {
  if (!(error instanceof NatsReadError)) return error;
  switch (error.kind) {
    case 'consumer_limit':
      return new StreamRefusal('consumer_limit', { cause: error });
    case 'disconnected':
    case 'timeout':
    case 'no_jetstream':
    case 'no_leader':
    case 'stream_not_found':
      return new StreamRefusal('jetstream_unavailable', { cause: error });
    case 'consumer_lost':
    case 'sequence_gap':
    case 'stalled':
    case 'refused':
      return new StreamRefusal('subscribe_failed', { cause: error, topics });
    default:
      return error.kind satisfies never;
  }
}

/** The refusal for a request with topics that the stream does not store. */
export function foreignSubjects(
  facts: StreamFacts | undefined,
  topicPrefix: string,
  topics: readonly string[],
): StreamRefusal {
  return new StreamRefusal('foreign_subject', {
    topics: topicsOutsideStream(facts, topicPrefix, topics),
  });
}
