import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { CONSOLE_OPTIONS, type ConsoleOptions } from '../console.options.js';
import { ConsoleAssetsError } from './console-assets.error.js';

/** Placeholder for the assets' folder in the built page. */
const FOLDER_MARK = '{{folder}}';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file, uncompressed and compressed. */
export interface ConsoleAsset {
  readonly type: string;
  readonly body: Buffer;
  readonly gzip: Buffer;
}

/** The files of the page, read once at startup: they are small, and requested names are untrusted. */
@Injectable()
export class ConsoleAssets {
  private readonly template: string;
  private readonly assets: ReadonlyMap<string, ConsoleAsset>;

  /** @throws ConsoleAssetsError if the page was not built */
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

  /** The page, with the relative `folder` of its files (empty, or with a final slash). */
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
