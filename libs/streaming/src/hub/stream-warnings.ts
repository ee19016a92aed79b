import type { StreamFacts } from '@nuts/nats';
import type { HubOptions } from './hub-options.interface.js';

type Reader = Pick<HubOptions, 'stream' | 'kvBucket' | 'publish'>;

/** What an operator should know of a stream that can be served, and may not do what was meant. */
export function streamWarnings(
  { name, retention, subjects }: StreamFacts,
  hubs: readonly Reader[],
): string[] {
  const readers = hubs.filter(({ stream }) => stream === name);
  const warnings: [boolean, string][] = [
    [
      subjects.length === 0 && readers.some(({ publish }) => publish !== undefined),
      `publish: ${name} has no subjects of its own, it is a mirror or is fed by others: nothing can be published to it.`,
    ],
    [
      subjects.length === 0 && readers.some(({ kvBucket }) => kvBucket !== undefined),
      `kv_bucket: ${name} is a mirror. Its keys keep the name of the bucket that they come from, and none is shown unless a subject transform renames them. Name that bucket instead.`,
    ],
    [
      retention === 'interest',
      `stream_name: ${name} has Interest retention: it keeps no history to replay, and messages that no other consumer waits for are deleted once they are read here.`,
    ],
  ];
  return warnings.flatMap(([applies, text]) => (applies ? [text] : []));
}
