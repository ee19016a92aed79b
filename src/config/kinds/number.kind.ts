import { accepted, refused, type Parsed, type SettingKind } from '../setting.interface.js';
import { patternOrPlaceholder } from './placeholder.schema.js';

/** The maximum time of a setting: Node's timers fire immediately beyond 2^31−1 ms. */
export const MAX_TIMER_SECONDS = 2_147_483;

type Unit = 'seconds' | 'milliseconds' | 'bytes' | 'count';

/** A number with a special meaning: 0 for the default, -1 for "off". */
interface Special<S> {
  readonly means: string;
  readonly value: S;
}

interface NumberRange<S> {
  readonly unit: Unit;
  readonly min?: number;
  readonly max?: number;
  readonly special?: Readonly<Record<string, Special<S>>>;
  /** The meaning of all negative numbers. */
  readonly negative?: Special<S>;
}

const WHOLE = /^-?(0|[1-9]\d*)$/;
const SECONDS = /^-?(0|[1-9]\d*)(\.\d{1,3})?$/;
const UNIT_NAMES: Record<Unit, string> = {
  seconds: 'a number of seconds (at most 3 decimals)',
  milliseconds: 'a whole number of milliseconds',
  bytes: 'a whole number of bytes',
  count: 'a whole number',
};

function range(min: number, max: number): string {
  return max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
}

/**
 * A plain decimal number without exponent, hexadecimal or plus sign, so that JavaScript cannot turn it into
 * another number. Seconds become milliseconds.
 */
export function numberKind<S = never>(options: NumberRange<S>): SettingKind<number | S> {
  const { unit, special = {}, negative } = options;
  const min = options.min ?? 0;
  const max = options.max ?? Number.MAX_SAFE_INTEGER;
  const format = unit === 'seconds' ? SECONDS : WHOLE;
  const meanings = Object.entries(special).map(([text, { means }]) => `${text} = ${means}`);
  if (negative !== undefined) meanings.push(`negative = ${negative.means}`);
  const numbers = Object.keys(special).map(Number);
  return {
    allowed: [`${UNIT_NAMES[unit]}, ${range(min, max)}`, ...meanings].join('; '),
    schema: {
      type: [unit === 'seconds' ? 'number' : 'integer', 'string', 'null'],
      ...(negative === undefined ? { minimum: Math.min(min, ...numbers) } : {}),
      ...(max === Number.MAX_SAFE_INTEGER ? {} : { maximum: max }),
      pattern: patternOrPlaceholder(format.source),
    },
    parse(raw): Parsed<number | S> {
      if (typeof raw !== 'string' || !format.test(raw)) return refused('is not a plain number');
      const number = Number(raw);
      const meant = special[String(number)];
      if (meant !== undefined) return accepted(meant.value);
      if (number < 0 && negative !== undefined) return accepted(negative.value);
      if (number < min || number > max) return refused('is out of range');
      return accepted(unit === 'seconds' ? Math.round(number * 1000) : number);
    },
  };
}

const NONE = { means: 'none', value: undefined };

interface Defaulted<T> {
  readonly kind: SettingKind<T>;
  readonly default: string;
}

/** Seconds; 0 = the default. The value is in ms. */
export function seconds(fallback: number, max = MAX_TIMER_SECONDS): Defaulted<number> {
  const zero = { means: `the default, ${fallback}`, value: fallback * 1000 };
  const kind = numberKind<number>({ unit: 'seconds', max, special: { 0: zero } });
  return { kind, default: String(fallback) };
}

/** Seconds; 0 = none. The value is in ms. */
export function optionalSeconds(max: number): Defaulted<number | undefined> {
  const kind = numberKind<undefined>({ unit: 'seconds', max, special: { 0: NONE } });
  return { kind, default: '0' };
}

/** A count or size; 0 = the default. */
export function amount(unit: 'count' | 'bytes', fallback: number): Defaulted<number> {
  const zero = { means: `the default, ${fallback}`, value: fallback };
  return { kind: numberKind<number>({ unit, special: { 0: zero } }), default: String(fallback) };
}

/** A limit; 0 = none. */
export function limit(): Defaulted<number | undefined> {
  return { kind: numberKind<undefined>({ unit: 'count', special: { 0: NONE } }), default: '0' };
}
