import { hasWildcard, patternsOverlap } from '../topics/subject-pattern.js';
import type { TopicPresence } from './presence.interface.js';

/** An open stream, as needed for presence. */
export interface PresentStream {
  readonly topics: readonly string[];
  readonly subject: string | undefined;
}

/** Maximum number of clients listed per topic. */
export const MAX_CLIENTS = 1000;
/** Longer subjects, as JSON, are counted but not listed: an answer must fit into a NATS message. */
export const MAX_SUBJECT_BYTES = 1024;
/** Maximum total size of the subjects in an answer, as JSON. */
const MAX_NAMED_BYTES = 256 * 1024;

/**
 * Counts the streams subscribed to each topic. A stream counts once per topic if one of its topics equals
 * it, or overlaps with it through wildcards on either side. Visits each stream once.
 */
export function countPresence(
  streams: Iterable<PresentStream>,
  topics: readonly string[],
): Map<string, TopicPresence> {
  const room = { bytes: MAX_NAMED_BYTES };
  const tallies = new Map(topics.map((topic) => [topic, new Tally(room)]));
  const patterns = topics.filter(hasWildcard);
  for (const stream of streams) {
    for (const topic of listened(stream.topics, topics, patterns, tallies)) {
      tallies.get(topic)?.add(stream.subject);
    }
  }
  return new Map([...tallies].map(([topic, tally]) => [topic, tally.result()]));
}

function listened(
  own: readonly string[],
  asked: readonly string[],
  patterns: readonly string[],
  literal: ReadonlyMap<string, unknown>,
): Iterable<string> {
  const [first] = own;
  if (own.length === 1 && first !== undefined && patterns.length === 0 && !hasWildcard(first)) {
    return literal.has(first) ? own : [];
  }
  const found = new Set<string>();
  for (const topic of own) {
    if (literal.has(topic)) found.add(topic);
    for (const other of hasWildcard(topic) ? asked : patterns) {
      if (patternsOverlap(topic, other)) found.add(other);
    }
  }
  return found;
}

class Tally {
  private streams = 0;
  private more = false;
  private readonly clients = new Map<string, number>();

  constructor(private readonly room: { bytes: number }) {}

  add(subject: string | undefined): void {
    this.streams += 1;
    if (subject === undefined) return;
    const known = this.clients.get(subject);
    if (known !== undefined) this.clients.set(subject, known + 1);
    else if (this.hasRoomFor(subject)) this.clients.set(subject, 1);
    else this.more = true;
  }

  result(): TopicPresence {
    const clients = [...this.clients].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      streams: this.streams,
      clients: clients.map(([subject, streams]) => ({ subject, streams })),
      ...(this.more && { more: true as const }),
    };
  }

  private hasRoomFor(subject: string): boolean {
    const bytes = Buffer.byteLength(JSON.stringify(subject));
    if (this.clients.size >= MAX_CLIENTS || bytes > MAX_SUBJECT_BYTES) return false;
    if (bytes > this.room.bytes) return false;
    this.room.bytes -= bytes;
    return true;
  }
}
