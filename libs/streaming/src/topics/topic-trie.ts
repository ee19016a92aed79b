/** A place in the tree: who listens exactly here, who listens to all below, and where it goes on. */
interface TrieNode<T> {
  // Made when they are needed: most nodes have no value, and the last ones no children.
  children?: Map<string, TrieNode<T>>;
  values?: Set<T>;
}

/**
 * Wildcard patterns as a tree of tokens. `*` and `>` are stored as children of those names: no
 * literal token bears them. The cost of a look-up depends on the tokens of the topic and on how many
 * patterns agree with it so far, not on how many patterns there are.
 */
export class TopicTrie<T> {
  readonly #root: TrieNode<T> = {};
  #nodes = 0;

  /** Nodes below the root: 0 when there is no pattern. */
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

  /** Adds to `found` the values of every pattern that matches a literal topic. */
  collect(topic: string, found: Set<T>): void {
    collectFrom(this.#root, topic.split('.'), 0, found);
  }
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
  // Twice for a subject that holds a token `*` or `>` itself: NATS stores what a careless publisher sends.
  if (same !== undefined) collectFrom(same, tokens, depth + 1, found);
}

function addAll<T>(values: Iterable<T> | undefined, found: Set<T>): void {
  if (values === undefined) return;
  for (const value of values) found.add(value);
}
