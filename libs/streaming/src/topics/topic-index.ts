import { hasWildcard } from './subject-pattern.js';
import { topicOfSubject } from './topic-prefix.js';
import { TopicTrie } from './topic-trie.js';

const NOBODY: readonly never[] = [];

/** How much an index holds. Everything is 0 again when every value was removed. */
export interface TopicIndexSize {
  /** Distinct literal topics. */
  readonly topics: number;
  /** Nodes of the tree of wildcard patterns. */
  readonly patternNodes: number;
}

/**
 * Finds who listens to a subject. It is asked once a message, for all traffic of the stream, so
 * literal topics are kept under their full subject: one look-up, nothing cut or split. Patterns
 * are looked at only while there are some; `*` and `>` are tokens of the topic, never of the prefix.
 */
export class TopicIndex<T> {
  readonly #exact = new Map<string, Set<T>>();
  readonly #patterns = new TopicTrie<T>();

  /** @param prefix - the hub's `topic_prefix`, which every subject bears before the topic. */
  constructor(readonly prefix: string) {}

  get size(): TopicIndexSize {
    return { topics: this.#exact.size, patternNodes: this.#patterns.size };
  }

  /** Lets a value listen to valid topics or patterns. Adding it again changes nothing. */
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

  /** Takes a value from these topics. Unknown ones are passed over. */
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
   * The distinct values that listen to a subject, however many of their topics match. The result may
   * be the index's own set: go through it at once; a value removed meanwhile is then left out, and
   * one added meanwhile may come.
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
