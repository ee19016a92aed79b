/** One error in the configuration. Contains no secret. */
export interface ConfigurationMistake {
  /** The setting's name as written, or as expected: `NATS_URL`, `nats_url`. */
  readonly setting: string;
  /** A complete sentence: the place, the value, and what is allowed. */
  readonly text: string;
}

/** The configuration is invalid; contains all errors (contract §7). */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly mistakes: readonly ConfigurationMistake[]) {
    const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
    const lines = mistakes.map(({ text }) => `  - ${text}`);
    super([`${count} in the configuration:`, ...lines].join('\n'));
  }
}
