/** Features of the connected server, by its version. */
export interface ServerFeatures {
  /** Supports creating a consumer with `action: create`, which never changes an existing one. */
  readonly createAction: boolean;
  /**
   * A consumer with several filter subjects never skips messages. Before 2.10 the server rejects several
   * filters; before 2.14.7 the consumer can skip messages when one of its subjects is purged (contract §8).
   */
  readonly manyFilters: boolean;
  /** A filter can be slower than reading everything; see `isFilterSlow`. */
  readonly slowFilters: boolean;
}

export function featuresOf(version: string): ServerFeatures {
  return {
    createAction: atLeast(version, 2, 10, 0),
    manyFilters: atLeast(version, 2, 14, 7),
    slowFilters: !atLeast(version, 2, 9, 15),
  };
}

/** Compares numbers only, so a pre-release counts as its release. */
function atLeast(version: string, ...wanted: number[]): boolean {
  const has = (/^\D*(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  for (const [i, want] of wanted.entries()) {
    const part = has[i] ?? 0;
    if (part !== want) return part > want;
  }
  return true;
}
