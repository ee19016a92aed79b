import { HubError } from '../hub-error.js';

/** A token function that hangs must not keep the hub from trying again. */
const TOKEN_TIMEOUT_MS = 10_000;

/** The application's token function, with its newest token. */
export class TokenSource {
  #newest: string | undefined;

  constructor(private readonly ask?: () => string | Promise<string>) {}

  /** Whether there is a function to ask. */
  get renews(): boolean {
    return this.ask !== undefined;
  }

  /** The newest token; asks when there is none yet. */
  async known(): Promise<string | undefined> {
    return this.#newest ?? this.fresh();
  }

  /** Asks. Rejects with a {@link HubError} of kind `token`. */
  async fresh(): Promise<string | undefined> {
    if (!this.ask) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no token within 10 s')), TOKEN_TIMEOUT_MS);
    });
    try {
      return (this.#newest = await Promise.race([this.ask(), late]));
    } catch (error) {
      throw new HubError('token', error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}
