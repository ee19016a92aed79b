import type { StreamFacts } from '@nuts/nats';
import type { HubOptions } from './hub-options.interface.js';

type Reader = Pick<HubOptions, 'stream' | 'kvBucket' | 'publish'>;

/** Warnings about a stream that can be served but may not behave as intended. */
export function streamWarnings(
  { name, retention, subjects }: StreamFacts,
  hubs: readonly Reader[],
): string[] {
  const readers = hubs.filter(({ stream }) => stream === name);
  const warnings: [boolean, string][] = [
    [
      subjects.length === 0 && readers.some(({ publish }) => publish !== undefined),
      `publish: ${name} has no subjects of its own because it is a mirror or is sourced from other streams: nothing can be published to it.`,
    ],
    [
      subjects.length === 0 && readers.some(({ kvBucket }) => kvBucket !== undefined),
      `kv_bucket: ${name} is a mirror. Its keys keep the subjects of the source bucket, so the hub shows none unless a subject transform renames them. Name the source bucket instead.`,
    ],
    [
      retention === 'interest',
      `stream_name: ${name} has Interest retention: it keeps no history to replay, and messages that no other consumer needs are deleted after this service reads them.`,
    ],
  ];
  return warnings.flatMap(([applies, text]) => (applies ? [text] : []));
}
