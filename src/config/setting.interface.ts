/** A JSON Schema (draft 07), as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A value as a person wrote it: text, or a sequence of texts in a file. */
export type RawValue = string | readonly string[];

/** What a kind makes of a raw value. The reason completes «NAME="value": …». */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason?: string };

/** A kind of value: how it is read, what is allowed, and how an editor is told. */
export interface SettingKind<T> {
  /** What is allowed, for mistakes and for the page: «a whole number, 0 or more». */
  readonly allowed: string;
  readonly schema: JsonSchema;
  /** True when a file may write a sequence instead of one text. */
  readonly list?: boolean;
  parse(raw: RawValue): Parsed<T>;
}

/** Settings of one kind of which a hub uses one way at most; its own way replaces a shared one. */
export interface ExclusiveWay {
  readonly group: 'nats authentication' | 'token key' | 'source';
  readonly way: string;
}

/** One setting: the source of validation, of the JSON Schema and of its table in the docs. */
export interface Setting<T> {
  readonly kind: SettingKind<T>;
  /** As a person would write it; parsed like any other value. */
  readonly default?: string;
  /** One line for the page and the editor. */
  readonly doc: string;
  readonly required?: boolean;
  /** Never shown, not even in a mistake. */
  readonly secret?: boolean;
  /** Names a file that must be readable at start. */
  readonly file?: boolean;
  /** Why a file may not say `null`, which else counts as unset; it tells what to write instead. */
  readonly notNull?: string;
  /** Not inherited: belongs to one hub. */
  readonly ownOnly?: boolean;
  /** Name of the environment variable, when it is not the name in upper case. */
  readonly variable?: string;
  readonly exclusive?: ExclusiveWay;
}

export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

/** The values of a table's settings, parsed, defaults filled in. */
export type ValuesOf<S extends SettingTable> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

type Given<T> = Omit<Setting<T>, 'kind' | 'default'> & { readonly kind: SettingKind<T> };

/** A setting with a default has always a value; one without may be undefined. */
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
