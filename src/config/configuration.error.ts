/** One thing that is wrong with the configuration. No secret is in it. */
export interface ConfigurationMistake {
  /** The setting's name as the person wrote it, or should have: `NATS_URL`, `nats_url`. */
  readonly setting: string;
  /** A whole sentence: where, the value, what is allowed. */
  readonly text: string;
}

/** The configuration cannot be used; every mistake that was found is listed (contract §7). */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly mistakes: readonly ConfigurationMistake[]) {
    const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
    const lines = mistakes.map(({ text }) => `  - ${text}`);
    super([`${count} in the configuration:`, ...lines].join('\n'));
  }
}
