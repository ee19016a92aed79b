import { hasWildcard } from '../topics/subject-pattern.js';
import { TopicTrie } from '../topics/topic-trie.js';

/**
 * The topics of presence questions, arranged for lookup: a subscription costs its tokens and what it meets,
 * not a comparison with every asked topic.
 */
export class PresenceTopics {
  private readonly literals = new Set<string>();
  private readonly patterns = new TopicTrie<string>();
  private readonly all = new TopicTrie<string>();

  constructor(topics: Iterable<string>) {
    for (const topic of topics) {
      this.all.add(topic, topic);
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
      if (hasWildcard(topic)) this.all.collectOverlaps(topic, found);
      else {
        if (this.literals.has(topic)) found.add(topic);
        this.patterns.collect(topic, found);
      }
    }
    return found;
  }
}
