/** What differs from one installation to the next; in the application through Nest's ConfigService. */
export interface EmbeddedSettings {
  readonly natsUrl: string;
  /** Passwords by user: what a real company keeps hashed, and elsewhere. */
  readonly users: Readonly<Record<string, string>>;
}
