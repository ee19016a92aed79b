import { SETTING_GROUPS } from '../definitions/setting-groups.js';
import type { Setting, SettingTable } from '../setting.interface.js';

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}

/** Leaves `code` spans unchanged. */
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

/** The pages with the tables, relative to the project's folder. */
export const SETTINGS_PAGES = ['docs/configuration.md', 'docs/hub-settings.md'] as const;

/** One table of a page. */
export function settingsTable(table: SettingTable): string {
  const rows = Object.entries(table).map(([name, definition]) => row(name, definition));
  const head = ['| Setting | Default | Allowed | What it does |', '| --- | --- | --- | --- |'];
  return [...head, ...rows].join('\n');
}

/**
 * Inserts the tables between `<!-- settings:NAME -->` and `<!-- /settings -->`; the text around them is
 * written by hand.
 *
 * @throws Error unless each table has exactly one place
 */
export function withTables(pages: readonly string[]): string[] {
  const filled = [...pages];
  for (const { name, table } of SETTING_GROUPS) {
    const place = new RegExp(`(<!-- settings:${name} -->\n)[^]*?(\n<!-- /settings -->)`);
    const holds = filled.map((page) => place.test(page));
    const index = holds.indexOf(true);
    if (index < 0 || holds.lastIndexOf(true) > index) {
      throw new Error(`the table ${name} needs a place in one page`);
    }
    filled[index] = (filled[index] ?? '').replace(place, (_, begin: string, end: string) =>
      [begin, settingsTable(table), end].join('\n').replace(/\n{3,}/g, '\n\n'),
    );
  }
  return filled;
}
