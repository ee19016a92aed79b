import { readFileSync, writeFileSync } from 'node:fs';
import { SETTINGS_PAGES, withTables } from '../page/settings-page.js';
import { configurationSchema } from '../schema/configuration.schema.js';

// `npm run config:schema`, run in the project's folder, generates all files from the setting definitions.
const SCHEMA = 'docs/configuration.schema.json';

writeFileSync(SCHEMA, `${JSON.stringify(configurationSchema(), null, 2)}\n`);
const pages = withTables(SETTINGS_PAGES.map((page) => readFileSync(page, 'utf8')));
SETTINGS_PAGES.forEach((page, index) => writeFileSync(page, pages[index] ?? ''));
process.stdout.write(`written: ${[SCHEMA, ...SETTINGS_PAGES].join(', ')}\n`);
