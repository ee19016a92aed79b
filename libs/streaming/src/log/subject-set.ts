import { topicOfSubject } from '../topics/topic-prefix.js';
import { TopicTrie } from '../topics/topic-trie.js';
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

/** With more patterns, a tree of their tokens is faster than to try each. */
const FEW_PATTERNS = 4;

/** The subjects that a session reads: its topics with the hub's prefix. */
export class SubjectSet {
  readonly literals: readonly WantedSubject[];
  readonly patterns: readonly WantedSubject[];
  private readonly literalNames: ReadonlySet<string>;

  constructor(
    private readonly topicPrefix: string,
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

  /**
   * The same for thousands of subjects: 32 patterns and 20 000 subjects take 10 ms instead of 60. Keep it
   * only while it is used; it is larger than the patterns.
   */
  matcher(): (subject: string) => boolean {
    if (this.patterns.length <= FEW_PATTERNS) return (subject) => this.matches(subject);
    const { topicPrefix, literalNames } = this;
    const trie = new TopicTrie<true>();
    for (const topic of this.topics) if (hasWildcard(topic)) trie.add(topic, true);
    return (subject) => {
      if (literalNames.has(subject)) return true;
      const topic = topicOfSubject(topicPrefix, subject);
      return topic !== undefined && trie.matches(topic);
    };
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
