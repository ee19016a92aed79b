/** Settings of an installation, provided by Nest's ConfigService. */
export interface EmbeddedSettings {
  readonly natsUrl: string;
  /** Passwords by user. A real application stores hashes in a database. */
  readonly users: Readonly<Record<string, string>>;
}
