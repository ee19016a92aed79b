import { SETTING_GROUPS } from '../definitions/setting-groups.js';
import type { Setting, SettingTable } from '../setting.interface.js';

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}

/** `code` spans are left as they are. */
function prose(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? `\`${part.replaceAll('|', '\\|')}\`` : cell(part)))
    .join('');
}

function defaultCell({ default: text, required }: Setting<unknown>): string {
  if (required) return 'required';
  return text === undefined || text === '' ? '–' : `\`${text}\``;
}

function row(name: string, definition: Setting<unknown>): string {
  const variable = definition.variable === undefined ? '' : ` (\`${definition.variable}\`)`;
  const cells = [
    `\`${name}\`${variable}`,
    defaultCell(definition),
    prose(definition.kind.allowed),
    prose(definition.doc),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** One table of docs/configuration.md. */
export function settingsTable(table: SettingTable): string {
  const rows = Object.entries(table).map(([name, definition]) => row(name, definition));
  const head = ['| Setting | Default | Allowed | What it does |', '| --- | --- | --- | --- |'];
  return [...head, ...rows].join('\n');
}

/**
 * Puts the tables into the page, between `<!-- settings:NAME -->` and `<!-- /settings -->`; the text
 * around them is written by hand.
 * @throws Error when a table has no place in the page
 */
export function withTables(page: string): string {
  return SETTING_GROUPS.reduce((text, { name, table }) => {
    const place = new RegExp(`(<!-- settings:${name} -->\n)[^]*?(\n<!-- /settings -->)`);
    if (!place.test(text)) throw new Error(`the page has no place for the table ${name}`);
    return text.replace(place, (_, begin: string, end: string) =>
      [begin, settingsTable(table), end].join('\n').replace(/\n{3,}/g, '\n\n'),
    );
  }, page);
}
