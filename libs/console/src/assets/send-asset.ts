import type { Request, Response } from 'express';
import type { ConsoleAsset } from './console-assets.service.js';

/** Sends a file whose name changes with its content. `private`, because guards may protect it. */
export function sendAsset(asset: ConsoleAsset, request: Request, response: Response): void {
  response.vary('Accept-Encoding').set({
    'Cache-Control': 'private, max-age=31536000, immutable',
    'Content-Type': asset.type,
  });
  const gzip = request.acceptsEncodings('gzip') === 'gzip';
  if (gzip) response.set('Content-Encoding', 'gzip');
  response.end(gzip ? asset.gzip : asset.body);
}
