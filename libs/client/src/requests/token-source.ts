import { HubError } from '../hub-error.js';

/** A token function that hangs must not block reconnects. */
const TOKEN_TIMEOUT_MS = 10_000;

/** The application's token function and its latest token. */
export class TokenSource {
  #newest: string | undefined;

  constructor(private readonly ask?: () => string | Promise<string>) {}

  /** Whether there is a token function. */
  get renews(): boolean {
    return this.ask !== undefined;
  }

  /** The latest token; calls the function if there is none yet. */
  async known(): Promise<string | undefined> {
    return this.#newest ?? this.fresh();
  }

  /** Calls the function. Rejects with a {@link HubError} of kind `token`. */
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
