import type { StreamFacts } from '@nuts/nats';
import { matchesSubject, streamHolds } from '../topics/subject-pattern.js';

/** The names of a hub's source in its settings. */
interface NamedSource {
  readonly stream: string;
  readonly topicPrefix: string;
  readonly kvBucket?: string | undefined;
}

/** The stream can never be served as it is. The message names the setting and the remedy. */
export class UnusableStreamError extends Error {
  override readonly name = 'UnusableStreamError';

  static missing({ stream, kvBucket }: NamedSource): UnusableStreamError {
    if (kvBucket !== undefined) return UnusableStreamError.missingBucket(kvBucket);
    return new UnusableStreamError(
      `stream_name: there is no stream ${stream} on this NATS system. Create it, or correct stream_name (and nats_js_domain, if the stream is in a domain).`,
    );
  }

  /**
   * The reason why this stream can never be served, if there is one.
   *
   * @param source what the hub reads
   * @param inboxPrefix where the service receives its own deliveries
   */
  static of(
    facts: StreamFacts,
    source: NamedSource,
    inboxPrefix?: string,
  ): UnusableStreamError | undefined {
    const { kvBucket, topicPrefix } = source;
    if (kvBucket !== undefined && !facts.hasSources) {
      const isBucket = streamHolds(facts.subjects, `${topicPrefix}>`);
      if (!isBucket) return UnusableStreamError.noBucket(facts.name, kvBucket);
    }
    if (facts.retention === 'workqueue') return UnusableStreamError.workQueue(facts.name);
    if (inboxPrefix !== undefined) {
      const covering = facts.subjects.find((one) => matchesSubject(one, `${inboxPrefix}.nuts.1`));
      if (covering !== undefined) {
        return UnusableStreamError.ownInbox(facts.name, covering, inboxPrefix);
      }
    }
    if (facts.lastSequence >= Number.MAX_SAFE_INTEGER)
      return UnusableStreamError.tooFar(facts.name);
    return undefined;
  }

  private static missingBucket(bucket: string): UnusableStreamError {
    return new UnusableStreamError(
      `kv_bucket: there is no bucket ${bucket} on this NATS system. Create it, or correct kv_bucket (and nats_js_domain, if the bucket is in a domain).`,
    );
  }

  private static noBucket(stream: string, bucket: string): UnusableStreamError {
    return new UnusableStreamError(
      `kv_bucket: the stream ${stream} stores no keys of the bucket ${bucket}, which are below $KV.${bucket}. Name a bucket, or set stream_name instead.`,
    );
  }

  private static workQueue(stream: string): UnusableStreamError {
    return new UnusableStreamError(
      `stream_name: ${stream} has WorkQueue retention, so reading would remove messages that other consumers need. Name a stream with Limits retention.`,
    );
  }

  /** Deliveries to the service's inbox would be stored in the stream, read, and delivered again. */
  private static ownInbox(stream: string, subject: string, inbox: string): UnusableStreamError {
    return new UnusableStreamError(
      `stream_name: ${stream} stores the subject ${subject}, which includes the service's own inbox ${inbox}.>: each delivered message would be stored again. Give the stream narrower subjects (events.>), or set nats_inbox_prefix to one that the stream does not store.`,
    );
  }

  /** Two sequences would become the same number, and one of the messages would be lost silently. */
  private static tooFar(stream: string): UnusableStreamError {
    return new UnusableStreamError(
      `stream_name: the sequences of ${stream} exceed 2^53, above which the service cannot represent them exactly. Name a stream whose first_seq is lower.`,
    );
  }
}
