import type { StreamFacts } from '@nuts/nats';
import type { SubjectSet } from '../log/subject-set.js';
import { streamHolds } from '../topics/subject-pattern.js';

/**
 * Whether a subject of the set can never come, since the stream does not store it. What is remembered
 * of the stream may lag, so a fresh reading decides; it rejects with a `NatsReadError`.
 */
export async function holdsSubjectOutsideStream(
  known: StreamFacts | undefined,
  set: SubjectSet,
  read: () => Promise<StreamFacts>,
): Promise<boolean> {
  return isOutsideStreamSubjects(known, set) && isOutsideStreamSubjects(await read(), set);
}

/**
 * The same by facts that may lag; false without any. Streams that are fed by others hold subjects
 * that they do not list.
 */
export function isOutsideStreamSubjects(facts: StreamFacts | undefined, set: SubjectSet): boolean {
  if (facts === undefined || facts.hasSources) return false;
  return !set.all.every(({ name }) => streamHolds(facts.subjects, name));
}

/** Those of the topics whose subjects the stream does not store, by facts that may lag. */
export function topicsOutsideStream(
  facts: StreamFacts | undefined,
  topicPrefix: string,
  topics: readonly string[],
): string[] {
  return topics.filter((topic) => !streamHolds(facts?.subjects ?? [], topicPrefix + topic));
}

/**
 * Whether the stream stores what is published to a subject: one of its own subjects matches it. What is
 * remembered of the stream may lag, so a fresh reading decides; it rejects with a `NatsReadError`.
 */
export async function storesSubject(
  known: StreamFacts | undefined,
  subject: string,
  read: () => Promise<StreamFacts>,
): Promise<boolean> {
  if (known !== undefined && streamHolds(known.subjects, subject)) return true;
  return streamHolds((await read()).subjects, subject);
}
