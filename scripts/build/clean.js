// Before a build: removes what the last one left in `dist/`, but not the packages that
// `npm run pack:libs` put there and that people install from.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const DIST = 'dist';
const KEPT = ['packages'];

if (existsSync(DIST)) {
  for (const name of readdirSync(DIST)) {
    if (!KEPT.includes(name)) rmSync(join(DIST, name), { recursive: true, force: true });
  }
}
