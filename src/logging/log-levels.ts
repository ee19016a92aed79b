import type { LogLevel as NestLevel } from '@nestjs/common';
import type { LogLevel } from '../config/process-options.interface.js';

const NEST_LEVELS: readonly NestLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

const NAMES: Readonly<Record<NestLevel, Exclude<LogLevel, 'silent'>>> = {
  fatal: 'fatal',
  error: 'error',
  warn: 'warn',
  log: 'info',
  debug: 'debug',
  verbose: 'trace',
};

/** The usual name of one of Nest's levels in log stores. */
export function levelName(level: NestLevel): string {
  return NAMES[level];
}

/** Nest's levels enabled by `LOG_LEVEL`; none for `silent`. */
export function enabledLevels(threshold: LogLevel): NestLevel[] {
  const last = NEST_LEVELS.findIndex((level) => NAMES[level] === threshold);
  return NEST_LEVELS.slice(0, last + 1);
}
