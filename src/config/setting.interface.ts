/** A JSON Schema (draft 07), as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A value as written: text, or a sequence of texts in a file. */
export type RawValue = string | readonly string[];

/** The result of parsing a raw value. The reason completes «NAME="value": …». */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason?: string };

/** A kind of value: how to parse it, what is allowed, and its JSON Schema. */
export interface SettingKind<T> {
  /** What is allowed, for errors and the docs: «a whole number, 0 or more». */
  readonly allowed: string;
  readonly schema: JsonSchema;
  /** Whether a file may contain a sequence instead of one text. */
  readonly list?: boolean;
  parse(raw: RawValue): Parsed<T>;
}

/** Mutually exclusive settings; a hub's own choice replaces a shared one. */
export interface ExclusiveWay {
  readonly group: 'nats authentication' | 'token key' | 'source';
  readonly way: string;
}

/** One setting: the source of its validation, its JSON Schema and its row in the docs. */
export interface Setting<T> {
  readonly kind: SettingKind<T>;
  /** As written in a configuration; parsed like any other value. */
  readonly default?: string;
  /** One line for the docs and editors. */
  readonly doc: string;
  readonly required?: boolean;
  /** Never shown, not even in errors. */
  readonly secret?: boolean;
  /** Names a file that must be readable at startup. */
  readonly file?: boolean;
  /** Why a file must not contain `null`, which otherwise counts as unset, and what to write instead. */
  readonly notNull?: string;
  /** Not inherited. */
  readonly ownOnly?: boolean;
  /** Name of the environment variable, if it is not the upper-case name. */
  readonly variable?: string;
  readonly exclusive?: ExclusiveWay;
}

export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

/** The parsed values of a table's settings, including defaults. */
export type ValuesOf<S extends SettingTable> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

type Given<T> = Omit<Setting<T>, 'kind' | 'default'> & { readonly kind: SettingKind<T> };

/** A setting with a default always has a value; one without may be undefined. */
export function setting<T>(definition: Given<T> & { readonly default: string }): Setting<T>;
export function setting<T>(definition: Given<T>): Setting<T | undefined>;
export function setting<T>(definition: Setting<T>): Setting<T> {
  return definition;
}

export function accepted<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function refused(reason?: string): { readonly ok: false; readonly reason?: string } {
  return reason === undefined ? { ok: false } : { ok: false, reason };
}

/** The environment variable of a setting. */
export function variableOf(name: string, definition: Setting<unknown>): string {
  return definition.variable ?? name.toUpperCase();
}
