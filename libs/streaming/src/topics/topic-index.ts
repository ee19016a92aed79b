import { hasWildcard } from './subject-pattern.js';
import { topicOfSubject } from './topic-prefix.js';
import { TopicTrie } from './topic-trie.js';

const NOBODY: readonly never[] = [];

/** The size of an index. Everything is 0 again after all values were removed. */
export interface TopicIndexSize {
  /** Distinct literal topics. */
  readonly topics: number;
  /** Nodes of the tree of wildcard patterns. */
  readonly patternNodes: number;
}

/**
 * Finds the subscribers of a subject. Called once per message of the stream, so literal topics are stored
 * under their full subject: one lookup, without string operations. Patterns are only matched if there are
 * any; `*` and `>` are tokens of the topic, never of the prefix.
 */
export class TopicIndex<T> {
  readonly #exact = new Map<string, Set<T>>();
  readonly #patterns = new TopicTrie<T>();

  /** @param prefix - the hub's `topic_prefix`, which every subject starts with. */
  constructor(readonly prefix: string) {}

  get size(): TopicIndexSize {
    return { topics: this.#exact.size, patternNodes: this.#patterns.size };
  }

  /** Subscribes a value to valid topics or patterns. Adding it again has no effect. */
  add(topics: Iterable<string>, value: T): void {
    for (const topic of topics) {
      if (hasWildcard(topic)) {
        this.#patterns.add(topic, value);
        continue;
      }
      const subject = this.prefix + topic;
      const values = this.#exact.get(subject);
      if (values === undefined) this.#exact.set(subject, new Set([value]));
      else values.add(value);
    }
  }

  /** Unsubscribes a value from these topics. Unknown ones are ignored. */
  remove(topics: Iterable<string>, value: T): void {
    for (const topic of topics) {
      if (hasWildcard(topic)) {
        this.#patterns.remove(topic, value);
        continue;
      }
      const subject = this.prefix + topic;
      const values = this.#exact.get(subject);
      if (values?.delete(value) && values.size === 0) this.#exact.delete(subject);
    }
  }

  /**
   * The distinct values subscribed to a subject, even if several of their topics match. The result may be
   * the index's own set, so iterate it immediately: it reflects values removed in the meantime, and may
   * include added ones.
   */
  match(subject: string): Iterable<T> {
    const exact = this.#exact.get(subject);
    if (this.#patterns.isEmpty) return exact ?? NOBODY;
    const topic = topicOfSubject(this.prefix, subject);
    if (topic === undefined) return NOBODY;
    const found = new Set(exact);
    this.#patterns.collect(topic, found);
    return found;
  }
}
