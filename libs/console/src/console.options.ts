/** Options of `ConsoleModule`. */
export interface ConsoleOptions {
  /** The folder of the built page. Default: the one in this package. */
  readonly assets?: string;
}

/** Injection token of {@link ConsoleOptions}. */
export const CONSOLE_OPTIONS = Symbol('ConsoleOptions');

/** The default path of the page. */
export const DEFAULT_CONSOLE_PATH = '/console';
