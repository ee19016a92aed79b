import type { StreamFacts } from '@nuts/nats';
import type { StreamLog } from '../log/stream-log.js';
import type { SubjectSet } from '../log/subject-set.js';
import { streamHolds } from '../topics/subject-pattern.js';

/**
 * Whether a subject of the set can never come, since the stream does not store it. What is remembered
 * of the stream may lag, so a fresh reading decides; it rejects with a `NatsReadError`. Streams that
 * are fed by others hold subjects that they do not list.
 */
export async function holdsForeignSubject(log: StreamLog, set: SubjectSet): Promise<boolean> {
  const isForeign = (facts: StreamFacts): boolean =>
    !facts.hasSources && !set.all.every(({ name }) => streamHolds(facts.subjects, name));
  if (log.facts === undefined || !isForeign(log.facts)) return false;
  return isForeign(await log.freshFacts());
}
