/** Where the keys of a bucket are stored: the stream, and what a key's subject begins with. */
export interface BucketSource {
  readonly stream: string;
  readonly topicPrefix: string;
}

/** A key-value bucket as the stream that it is (NATS ADR-8). */
export function bucketSource(bucket: string): BucketSource {
  return { stream: `KV_${bucket}`, topicPrefix: `$KV.${bucket}.` };
}
