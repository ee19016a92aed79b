import { readFileSync, writeFileSync } from 'node:fs';
import { SETTINGS_PAGES, withTables } from '../page/settings-page.js';
import { configurationSchema } from '../schema/configuration.schema.js';

// `npm run config:schema`, in the project's folder: all files come from the table of settings.
const SCHEMA = 'docs/configuration.schema.json';

writeFileSync(SCHEMA, `${JSON.stringify(configurationSchema(), null, 2)}\n`);
const pages = withTables(SETTINGS_PAGES.map((page) => readFileSync(page, 'utf8')));
SETTINGS_PAGES.forEach((page, index) => writeFileSync(page, pages[index] ?? ''));
process.stdout.write(`written: ${[SCHEMA, ...SETTINGS_PAGES].join(', ')}\n`);
