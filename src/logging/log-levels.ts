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

/** The name under which operators and log stores know one of Nest's levels. */
export function levelName(level: NestLevel): string {
  return NAMES[level];
}

/** Nest's levels that `LOG_LEVEL` lets through; none for `silent`. */
export function enabledLevels(threshold: LogLevel): NestLevel[] {
  const last = NEST_LEVELS.findIndex((level) => NAMES[level] === threshold);
  return NEST_LEVELS.slice(0, last + 1);
}
