// `npm run bench:report [-- FILE]`: docs/benchmarks.md and its plots, out of the JSON of a run.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plotOf } from './report/plots.js';
import { reportPage } from './report/report-page.js';
import type { BenchResults } from './results/results.interface.js';

const [source = join('docs', 'benchmarks', 'results.json')] = process.argv.slice(2);
const folder = join('docs', 'benchmarks');

const results = JSON.parse(readFileSync(source, 'utf8')) as BenchResults;
mkdirSync(folder, { recursive: true });
for (const scenario of results.scenarios) {
  const plot = plotOf(scenario);
  if (plot !== undefined) writeFileSync(join(folder, plot.file), plot.content);
}
writeFileSync(join('docs', 'benchmarks.md'), reportPage(results));
