import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { CONSOLE_OPTIONS, type ConsoleOptions } from '../console.options.js';
import { ConsoleAssetsError } from './console-assets.error.js';

/** What stands for the assets' folder in the built page. */
const FOLDER_MARK = '{{folder}}';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** One file, whole and compressed. */
export interface ConsoleAsset {
  readonly type: string;
  readonly body: Buffer;
  readonly gzip: Buffer;
}

/** The files of the page, read once: they are small, and names come from strangers. */
@Injectable()
export class ConsoleAssets {
  private readonly template: string;
  private readonly assets: ReadonlyMap<string, ConsoleAsset>;

  /** @throws ConsoleAssetsError when the page was not built */
  constructor(@Inject(CONSOLE_OPTIONS) { assets }: ConsoleOptions) {
    const folder = assets ?? fileURLToPath(new URL('../page', import.meta.url));
    try {
      this.template = readFileSync(join(folder, 'index.html'), 'utf8');
      this.assets = new Map(
        readdirSync(join(folder, 'assets')).map((name) => [
          name,
          read(join(folder, 'assets', name)),
        ]),
      );
    } catch (error) {
      throw new ConsoleAssetsError(folder, { cause: error });
    }
  }

  /** The page, for an address from which its files are in `folder` (empty, or ending with a slash). */
  page(folder: string): string {
    const encoded = folder.replace(/[^\w.~%/-]/g, encodeURIComponent);
    return this.template.replaceAll(FOLDER_MARK, encoded);
  }

  find(name: string): ConsoleAsset | undefined {
    return this.assets.get(name);
  }
}

function read(file: string): ConsoleAsset {
  const body = readFileSync(file);
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  return { type, body, gzip: gzipSync(body, { level: 9 }) };
}
