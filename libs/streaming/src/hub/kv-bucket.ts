/** Where a bucket stores its keys: the stream, and the subject prefix of the keys. */
export interface BucketSource {
  readonly stream: string;
  readonly topicPrefix: string;
}

/** The stream of a key-value bucket (NATS ADR-8). */
export function bucketSource(bucket: string): BucketSource {
  return { stream: `KV_${bucket}`, topicPrefix: `$KV.${bucket}.` };
}
