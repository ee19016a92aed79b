import type { StreamFacts } from '@nuts/nats';
import { matchesSubject, streamHolds } from '../topics/subject-pattern.js';

/** What a hub reads, as its settings name it. */
interface NamedSource {
  readonly stream: string;
  readonly topicPrefix: string;
  readonly kvBucket?: string | undefined;
}

/** A stream that can never be served as it is; the message names the setting and the remedy. */
export class UnusableStreamError extends Error {
  override readonly name = 'UnusableStreamError';

  static missing({ stream, kvBucket }: NamedSource): UnusableStreamError {
    if (kvBucket !== undefined) return UnusableStreamError.missingBucket(kvBucket);
    return new UnusableStreamError(
      `stream_name: there is no stream ${stream} on this NATS system. Create it, or correct stream_name (and nats_js_domain, if the stream is in a domain).`,
    );
  }

  /**
   * Why this stream can never be served, if it cannot.
   *
   * @param source what the hub wants to read in it
   * @param inboxPrefix where the service's own answers come to
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
      `kv_bucket: the stream ${stream} stores no keys of a bucket ${bucket}, which are below $KV.${bucket}. Name a bucket, or set stream_name instead.`,
    );
  }

  private static workQueue(stream: string): UnusableStreamError {
    return new UnusableStreamError(
      `stream_name: ${stream} has WorkQueue retention, where reading takes messages away from others. Name a stream with Limits retention.`,
    );
  }

  /** What the service reads is delivered to its inbox, stored there, read, delivered again. */
  private static ownInbox(stream: string, subject: string, inbox: string): UnusableStreamError {
    return new UnusableStreamError(
      `stream_name: ${stream} stores the subject ${subject}, which covers ${inbox}.>, where the service's own deliveries come to: each message would be stored again and again. Give the stream narrower subjects (events.>), or set nats_inbox_prefix to a prefix that it does not store.`,
    );
  }

  /** Two of its sequences would be one number, and the second of two messages lost without a word. */
  private static tooFar(stream: string): UnusableStreamError {
    return new UnusableStreamError(
      `stream_name: the sequences of ${stream} lie beyond 2^53, where they are not exact here. Name a stream whose first_seq is lower.`,
    );
  }
}
