import { hasWildcard, matchesSubject, natsFilter } from '../topics/subject-pattern.js';

/** A subject, or a pattern of subjects, that a session reads. */
export interface WantedSubject {
  /** Without the prefix; an exact name for a literal subject. */
  readonly name: string;
  readonly isPattern: boolean;
  /** The NATS filter: matches exactly the name, or more if the prefix ends within a token. */
  readonly filter: string;
  matches(subject: string): boolean;
}

/** The subjects that a session reads: its topics with the hub's prefix. */
export class SubjectSet {
  readonly literals: readonly WantedSubject[];
  readonly patterns: readonly WantedSubject[];
  private readonly literalNames: ReadonlySet<string>;

  constructor(
    topicPrefix: string,
    readonly topics: readonly string[],
  ) {
    const all = topics.map((topic) => wantedSubject(topicPrefix, topic));
    this.literals = all.filter(({ isPattern }) => !isPattern);
    this.patterns = all.filter(({ isPattern }) => isPattern);
    this.literalNames = new Set(this.literals.map(({ name }) => name));
  }

  /** Literals first, then patterns. */
  get all(): readonly WantedSubject[] {
    return this.patterns.length === 0 ? this.literals : [...this.literals, ...this.patterns];
  }

  matches(subject: string): boolean {
    return this.literalNames.has(subject) || this.patterns.some((each) => each.matches(subject));
  }
}

function wantedSubject(prefix: string, topic: string): WantedSubject {
  const name = prefix + topic;
  const isPattern = hasWildcard(topic);
  return {
    name,
    isPattern,
    filter: isPattern ? natsFilter(name) : name,
    matches: isPattern ? (subject) => matchesSubject(name, subject) : (subject) => subject === name,
  };
}
