import { accepted, refused, type Parsed, type SettingKind } from '../setting.interface.js';
import { PLACEHOLDER_PATTERN, patternOrPlaceholder } from './placeholder.schema.js';

interface TextRule {
  readonly allowed: string;
  readonly pattern: RegExp;
  readonly maxBytes?: number;
}

/** Text with a fixed format. */
export function text(rule: TextRule): SettingKind<string> {
  return {
    allowed: rule.allowed,
    schema: { type: ['string', 'null'], pattern: patternOrPlaceholder(rule.pattern.source) },
    parse(raw): Parsed<string> {
      if (typeof raw !== 'string' || !rule.pattern.test(raw)) return refused();
      if (rule.maxBytes !== undefined && Buffer.byteLength(raw) > rule.maxBytes) {
        return refused(`is longer than ${rule.maxBytes} bytes`);
      }
      return accepted(raw);
    },
  };
}

/** Any text whose meaning is defined elsewhere, such as a secret or an issuer. */
export function anyText(allowed: string): SettingKind<string> {
  return {
    allowed,
    // Numbers are accepted too: `nats_token: 12345` is a text.
    schema: { type: ['string', 'number', 'null'] },
    parse: (raw) => (typeof raw === 'string' ? accepted(raw) : refused()),
  };
}

/** The path of a file, relative to the working directory. Whether it is readable is checked separately. */
export function filePath(what: string): SettingKind<string> {
  return {
    allowed: `the path of a readable file: ${what}`,
    schema: { type: ['string', 'null'] },
    parse: (raw) =>
      typeof raw === 'string' && !raw.includes('\0')
        ? accepted(raw)
        : refused('is not a file path'),
  };
}

/** One of a few words. */
export function choice<const W extends string>(
  words: readonly W[],
  ignoreCase = false,
): SettingKind<W> {
  const spellings = ignoreCase ? [...words, ...words.map((word) => word.toUpperCase())] : words;
  return {
    allowed: words.join(', '),
    schema: {
      anyOf: [{ enum: [...spellings, null] }, { type: 'string', pattern: PLACEHOLDER_PATTERN }],
    },
    parse(raw): Parsed<W> {
      const wanted = ignoreCase && typeof raw === 'string' ? raw.toLowerCase() : raw;
      const word = words.find((candidate) => candidate === wanted);
      return word === undefined ? refused() : accepted(word);
    },
  };
}

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false };

/** `true`, `false`, `1` or `0`. */
export const boolean: SettingKind<boolean> = {
  allowed: 'true, false, 1 or 0',
  schema: {
    anyOf: [
      { enum: [true, false, 1, 0, null] },
      {
        type: 'string',
        pattern: patternOrPlaceholder('^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|1|0)$'),
      },
    ],
  },
  parse(raw): Parsed<boolean> {
    const value = typeof raw === 'string' ? BOOLEANS[raw.toLowerCase()] : undefined;
    return value === undefined ? refused() : accepted(value);
  },
};
