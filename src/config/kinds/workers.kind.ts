import { availableParallelism } from 'node:os';
import { accepted, refused, type Parsed, type SettingKind } from '../setting.interface.js';
import { patternOrPlaceholder } from './placeholder.schema.js';

/** A higher number is certainly an error: each worker has its own window. */
const MAX_WORKERS = 256;

/** The number of processes, or `auto` for one per available core. */
export const workerCount: SettingKind<number> = {
  allowed: `a whole number, 1 to ${MAX_WORKERS}, or auto`,
  schema: {
    type: ['integer', 'string', 'null'],
    minimum: 1,
    maximum: MAX_WORKERS,
    pattern: patternOrPlaceholder('^([1-9]\\d{0,2}|[aA][uU][tT][oO])$'),
  },
  parse(raw): Parsed<number> {
    if (typeof raw !== 'string') return refused();
    if (raw.toLowerCase() === 'auto')
      return accepted(Math.min(MAX_WORKERS, availableParallelism()));
    if (!/^[1-9]\d{0,2}$/.test(raw)) return refused('is not a plain number');
    const count = Number(raw);
    return count <= MAX_WORKERS ? accepted(count) : refused('is out of range');
  },
};
