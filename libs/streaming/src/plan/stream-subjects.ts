import type { StreamFacts } from '@nuts/nats';
import type { SubjectSet } from '../log/subject-set.js';
import { streamHolds } from '../topics/subject-pattern.js';

/**
 * Whether the set contains a subject that the stream does not store. Cached stream info may be outdated, so
 * a fresh read decides; it rejects with a `NatsReadError`.
 */
export async function holdsSubjectOutsideStream(
  known: StreamFacts | undefined,
  set: SubjectSet,
  read: () => Promise<StreamFacts>,
): Promise<boolean> {
  return isOutsideStreamSubjects(known, set) && isOutsideStreamSubjects(await read(), set);
}

/**
 * The same from cached stream info; false without any. Mirrors and sourced streams store subjects that they
 * do not list.
 */
export function isOutsideStreamSubjects(facts: StreamFacts | undefined, set: SubjectSet): boolean {
  if (facts === undefined || facts.hasSources) return false;
  return !set.all.every(({ name }) => streamHolds(facts.subjects, name));
}

/** The topics whose subjects the stream does not store, by cached stream info. */
export function topicsOutsideStream(
  facts: StreamFacts | undefined,
  topicPrefix: string,
  topics: readonly string[],
): string[] {
  return topics.filter((topic) => !streamHolds(facts?.subjects ?? [], topicPrefix + topic));
}

/**
 * Whether one of the stream's own subjects matches this subject, so that messages published to it are
 * stored. Cached stream info may be outdated, so a fresh read decides; it rejects with a `NatsReadError`.
 */
export async function storesSubject(
  known: StreamFacts | undefined,
  subject: string,
  read: () => Promise<StreamFacts>,
): Promise<boolean> {
  if (known !== undefined && streamHolds(known.subjects, subject)) return true;
  return streamHolds((await read()).subjects, subject);
}
