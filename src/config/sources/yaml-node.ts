import { isAlias, isMap, isPair, isScalar, isSeq, type Document, type LineCounter } from 'yaml';
import type { RawValue } from '../setting.interface.js';

/** An open file: its display name, and the offsets of its lines. */
export interface OpenFile {
  readonly name: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** One `name: value` of a map. */
export interface Entry {
  readonly name: string;
  readonly node: unknown;
  /** `hubs.yaml:7` */
  readonly place: string;
}

/** `hubs.yaml:7`, for a position in the text. */
export function placeOf(file: OpenFile, offset: number | undefined): string {
  return offset === undefined ? file.name : `${file.name}:${file.lines.linePos(offset).line}`;
}

function offsetOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}

/** Resolves an alias (`*name`). */
export function resolved(file: OpenFile, node: unknown): unknown {
  return isAlias(node) ? node.resolve(file.document) : node;
}

/** The entries of a map; undefined if the node is not a map. */
export function entriesOfMap(file: OpenFile, node: unknown): Entry[] | undefined {
  const map = resolved(file, node);
  if (!isMap(map)) return undefined;
  return map.items.filter(isPair).map((pair) => ({
    name: isScalar(pair.key) ? String(pair.key.value) : '?',
    node: resolved(file, pair.value),
    place: placeOf(file, offsetOf(pair.key)),
  }));
}

/** The elements of a sequence with their places; undefined if the node is not a sequence. */
export function elementsOf(
  file: OpenFile,
  node: unknown,
): { node: unknown; place: string }[] | undefined {
  if (!isSeq(node)) return undefined;
  return node.items.map((item) => ({
    node: resolved(file, item),
    place: placeOf(file, offsetOf(item)),
  }));
}

/** The text of a scalar; undefined for `null`, `~` and an empty value; false for another node. */
function textOf(node: unknown): string | undefined | false {
  if (node === null || node === undefined) return undefined;
  if (!isScalar(node)) return false;
  const text = String(node.value);
  return node.type === 'PLAIN' && ['null', '~', ''].includes(text) ? undefined : text;
}

/** A setting's value: text or a sequence of texts; false if it is neither. */
export function valueOf(file: OpenFile, node: unknown): RawValue | undefined | false {
  const elements = elementsOf(file, node);
  if (elements === undefined) return textOf(node);
  const texts = elements.map((element) => textOf(element.node));
  return texts.every((text) => text !== false) ? texts.map((text) => text ?? '') : false;
}
