import {
  accepted,
  refused,
  type Parsed,
  type RawValue,
  type SettingKind,
} from '../setting.interface.js';

interface ListRule<T> {
  readonly allowed: string;
  /** Parses one entry. */
  readonly entry: (text: string) => Parsed<T>;
  /** Checks the list after all entries are valid. */
  readonly whole?: (entries: readonly T[]) => string | undefined;
}

/** The entries of a list: comma-separated in one text, or a sequence in a file. */
export function entriesOf(raw: RawValue): string[] {
  return (typeof raw === 'string' ? raw.split(',') : [...raw]).map((entry) => entry.trim());
}

/** A list with at least one entry. The error names the position of the first invalid entry. */
export function list<T>(rule: ListRule<T>): SettingKind<readonly T[]> {
  return {
    allowed: rule.allowed,
    list: true,
    schema: {
      anyOf: [
        { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
        { type: ['string', 'null'] },
      ],
    },
    parse(raw): Parsed<readonly T[]> {
      const values: T[] = [];
      const texts = entriesOf(raw);
      if (texts.length === 0) return refused('has no entry');
      for (const [index, text] of texts.entries()) {
        const place = texts.length === 1 ? '' : `entry ${index + 1} `;
        if (text === '') return refused(`${place}is empty`);
        const parsed = rule.entry(text);
        if (!parsed.ok) return refused(`${place}${parsed.reason ?? 'is not allowed'}`);
        values.push(parsed.value);
      }
      const wrong = rule.whole?.(values);
      return wrong === undefined ? accepted(values) : refused(wrong);
    },
  };
}
