/**
 * A node of the tree: values of patterns that end here, values of patterns that match everything below, and
 * its children.
 */
interface TrieNode<T> {
  // Created on demand: most nodes have no value, and leaves have no children.
  children?: Map<string, TrieNode<T>>;
  values?: Set<T>;
}

/**
 * Wildcard patterns as a tree of tokens. `*` and `>` are stored as children with these names, because no
 * literal token has them. The cost of a lookup depends on the topic's tokens and on the number of matching
 * branches, not on the number of patterns.
 */
export class TopicTrie<T> {
  readonly #root: TrieNode<T> = {};
  #nodes = 0;

  /** Number of nodes below the root; 0 if there is no pattern. */
  get size(): number {
    return this.#nodes;
  }

  get isEmpty(): boolean {
    return this.#nodes === 0;
  }

  add(pattern: string, value: T): void {
    let node = this.#root;
    for (const token of pattern.split('.')) {
      let next = node.children?.get(token);
      if (next === undefined) {
        next = {};
        (node.children ??= new Map<string, TrieNode<T>>()).set(token, next);
        this.#nodes++;
      }
      node = next;
    }
    (node.values ??= new Set<T>()).add(value);
  }

  remove(pattern: string, value: T): void {
    this.removeFrom(this.#root, pattern.split('.'), 0, value);
  }

  private removeFrom(node: TrieNode<T>, tokens: readonly string[], depth: number, value: T): void {
    const token = tokens[depth];
    if (token === undefined) {
      node.values?.delete(value);
      return;
    }
    const next = node.children?.get(token);
    if (next === undefined) return;
    this.removeFrom(next, tokens, depth + 1, value);
    if (next.values?.size || next.children?.size) return;
    node.children?.delete(token);
    this.#nodes--;
  }

  /** Adds the values of all patterns that match a literal topic to `found`. */
  collect(topic: string, found: Set<T>): void {
    collectFrom(this.#root, topic.split('.'), 0, found);
  }

  /** Whether some pattern matches a literal topic. */
  matches(topic: string): boolean {
    return matchesFrom(this.#root, topic.split('.'), 0);
  }

  /** Adds the values of all topics and patterns that a pattern overlaps with to `found`. */
  collectOverlaps(pattern: string, found: Set<T>): void {
    overlapsFrom(this.#root, pattern.split('.'), 0, found);
  }
}

function overlapsFrom<T>(
  { children, values }: TrieNode<T>,
  tokens: readonly string[],
  depth: number,
  found: Set<T>,
): void {
  const token = tokens[depth];
  if (token === undefined) return addAll(values, found);
  if (children === undefined) return;
  if (token === '>') {
    for (const child of children.values()) allFrom(child, found);
    return;
  }
  addAll(children.get('>')?.values, found);
  if (token === '*') {
    for (const [other, child] of children) {
      if (other !== '>') overlapsFrom(child, tokens, depth + 1, found);
    }
    return;
  }
  for (const same of [token, '*']) {
    const child = children.get(same);
    if (child !== undefined) overlapsFrom(child, tokens, depth + 1, found);
  }
}

function allFrom<T>({ children, values }: TrieNode<T>, found: Set<T>): void {
  addAll(values, found);
  if (children !== undefined) for (const child of children.values()) allFrom(child, found);
}

function collectFrom<T>(
  node: TrieNode<T>,
  tokens: readonly string[],
  depth: number,
  found: Set<T>,
): void {
  const token = tokens[depth];
  if (token === undefined) {
    addAll(node.values, found);
    return;
  }
  const { children } = node;
  if (children === undefined) return;
  const rest = children.get('>');
  if (rest !== undefined) addAll(rest.values, found);
  const one = children.get('*');
  if (one !== undefined) collectFrom(one, tokens, depth + 1, found);
  const same = children.get(token);
  // Visited twice if the subject itself contains a token `*` or `>`: NATS stores such messages.
  if (same !== undefined) collectFrom(same, tokens, depth + 1, found);
}

function matchesFrom<T>(
  { children, values }: TrieNode<T>,
  tokens: readonly string[],
  depth: number,
): boolean {
  const token = tokens[depth];
  if (token === undefined) return values !== undefined && values.size > 0;
  if (children === undefined) return false;
  if (children.has('>')) return true;
  for (const same of [token, '*']) {
    const child = children.get(same);
    if (child !== undefined && matchesFrom(child, tokens, depth + 1)) return true;
  }
  return false;
}

function addAll<T>(values: Iterable<T> | undefined, found: Set<T>): void {
  if (values === undefined) return;
  for (const value of values) found.add(value);
}
