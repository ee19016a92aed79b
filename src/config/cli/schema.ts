import { readFileSync, writeFileSync } from 'node:fs';
import { withTables } from '../page/settings-page.js';
import { configurationSchema } from '../schema/configuration.schema.js';

// `npm run config:schema`, in the project's folder: both files come from the table of settings.
const SCHEMA = 'docs/configuration.schema.json';
const PAGE = 'docs/configuration.md';

writeFileSync(SCHEMA, `${JSON.stringify(configurationSchema(), null, 2)}\n`);
writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8')));
process.stdout.write(`written: ${SCHEMA}, ${PAGE}\n`);
