/** One error in the configuration. Contains no secret. */
export interface ConfigurationIssue {
  /** The setting's name as written, or as expected: `NATS_URL`, `nats_url`. */
  readonly setting: string;
  /** A complete sentence: the place, the value, and what is allowed. */
  readonly text: string;
}

/** The configuration is invalid; contains all errors (contract §7). */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly issues: readonly ConfigurationIssue[]) {
    const count = issues.length === 1 ? '1 error' : `${issues.length} errors`;
    const lines = issues.map(({ text }) => `  - ${text}`);
    super([`${count} in the configuration:`, ...lines].join('\n'));
  }
}
