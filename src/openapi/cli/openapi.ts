import { writeFileSync } from 'node:fs';
import { ConfigurationError } from '../../config/configuration.error.js';
import { loadConfiguration } from '../../config/configuration.loader.js';
import { openApiDocument } from '../document.js';
import { sampleOptions } from '../sample.options.js';

// `npm run openapi` generates the document of a hub and services with all features; `npm run openapi --
// file.yaml` prints the document of a configuration.
const PAGE = 'docs/openapi.json';
const [, , file] = process.argv;

function text(options: Parameters<typeof openApiDocument>[0]): string {
  return `${JSON.stringify(openApiDocument(options), null, 2)}\n`;
}

try {
  if (file === undefined) {
    writeFileSync(PAGE, text(sampleOptions(['nats://localhost:4222'])));
    process.stdout.write(`written: ${PAGE}\n`);
  } else {
    process.stdout.write(text(loadConfiguration({ ...process.env, NUTS_CONFIG: file })));
  }
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
