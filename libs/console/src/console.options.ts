/** Options of `ConsoleModule`. */
export interface ConsoleOptions {
  /** The folder of the built page. Default: the one that comes with this package. */
  readonly assets?: string;
}

/** Token of {@link ConsoleOptions}. */
export const CONSOLE_OPTIONS = Symbol('ConsoleOptions');

/** Where the page is unless the module says otherwise. */
export const DEFAULT_CONSOLE_PATH = '/console';
