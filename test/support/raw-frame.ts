/** One block of an event stream: its lines as sent, and their parsed fields. */
export interface RawFrame {
  /** As received, without the closing empty line. */
  readonly raw: string;
  readonly event?: string;
  /** Lines of data, joined by newlines. */
  readonly data?: string;
  readonly id?: string;
  readonly retry?: number;
  /** Comment lines without their colon and space, joined by newlines. */
  readonly comment?: string;
}

/** Parses a block's lines as the standard specifies, and ignores unknown fields. */
export function parseFrame(raw: string): RawFrame {
  const fields = new Map<string, string[]>();
  for (const line of raw.split('\n')) {
    if (line === '') continue;
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  const text = (name: string): string | undefined => fields.get(name)?.join('\n');
  const retry = fields.get('retry')?.at(-1);
  return {
    raw,
    ...defined('event', fields.get('event')?.at(-1)),
    ...defined('data', text('data')),
    ...defined('id', fields.get('id')?.at(-1)),
    ...defined('retry', retry === undefined ? undefined : Number(retry)),
    ...defined('comment', text('')),
  };
}

function defined<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
