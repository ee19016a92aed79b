import { hasWildcard, patternsOverlap } from '../topics/subject-pattern.js';
import { TopicTrie } from '../topics/topic-trie.js';

/** Subscribed patterns whose overlaps are remembered. */
const REMEMBERED = 1024;

/**
 * The topics of presence questions, arranged for lookup: a literal subscription costs its tokens, however
 * many patterns are asked for. A subscribed pattern is compared with every asked topic, once.
 */
export class AskedTopics {
  private readonly literals = new Set<string>();
  private readonly patterns = new TopicTrie<string>();
  private readonly overlaps = new Map<string, readonly string[]>();

  constructor(private readonly all: ReadonlySet<string>) {
    for (const topic of all) {
      if (hasWildcard(topic)) this.patterns.add(topic, topic);
      else this.literals.add(topic);
    }
  }

  /** The asked topics that equal one of a stream's topics, or overlap with it through wildcards. */
  of(own: readonly string[]): Iterable<string> {
    const [first] = own;
    if (own.length === 1 && first !== undefined && this.patterns.isEmpty && !hasWildcard(first)) {
      return this.literals.has(first) ? own : [];
    }
    const found = new Set<string>();
    for (const topic of own) {
      if (hasWildcard(topic)) {
        for (const other of this.overlapsOf(topic)) found.add(other);
        continue;
      }
      if (this.literals.has(topic)) found.add(topic);
      this.patterns.collect(topic, found);
    }
    return found;
  }

  private overlapsOf(pattern: string): readonly string[] {
    const known = this.overlaps.get(pattern);
    if (known !== undefined) return known;
    const found = [...this.all].filter((topic) => patternsOverlap(pattern, topic));
    if (this.overlaps.size < REMEMBERED) this.overlaps.set(pattern, found);
    return found;
  }
}
