// Jest loads this file as global setup, without its module mapping: it must not import other TypeScript files.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Locations outside PATH. */
const ELSEWHERE = [
  '/usr/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Jest's global setup: without a browser the run ends with one error message, not with one per test. */
export default function announceChromium(): void {
  try {
    process.stdout.write(`\nBrowser for the tests: ${findChromium()}\n`);
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/** The program in `CHROMIUM`, otherwise the first installed Chromium or Chrome. */
export function findChromium(): string {
  const explicit = process.env['CHROMIUM'];
  if (explicit) {
    if (isExecutable(explicit)) return explicit;
    throw new Error(`CHROMIUM is set to ${explicit}, which cannot be run: correct it, or unset it`);
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = [...onPath, ...ELSEWHERE].find(isExecutable);
  if (found) return found;
  throw new Error(
    'No Chromium was found for the browser tests: install one ' +
      '(Debian, Ubuntu: `apt-get install chromium`), or set CHROMIUM to its path.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
