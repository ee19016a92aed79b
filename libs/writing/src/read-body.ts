import {
  BadRequestException,
  PayloadTooLargeException,
  UnauthorizedException,
} from '@nestjs/common';
import { getSubscriber, rightsEnd } from '@nuts/auth';
import type { Request, Response } from 'express';

/**
 * The client went away before its body was complete. There is nobody to answer; an `HttpException`, so
 * that no log calls it an unexpected error.
 */
export class IncompleteBodyError extends BadRequestException {
  override readonly name = 'IncompleteBodyError';

  constructor() {
    super('The client closed the connection before the body was complete');
  }
}

/**
 * The body's bytes as they came. Reads no further than the limit: the connection then ends with the
 * answer, since HTTP/1 has no other way to refuse the rest.
 *
 * @param maxBytes largest body in bytes
 * @param hold is told the bytes of each chunk before it is kept; what it returns refuses the body
 * @throws PayloadTooLargeException for a longer one, before it is read where `Content-Length` tells
 * @throws IncompleteBodyError
 * @throws UnauthorizedException when the client's token ended while the body was arriving
 */
export async function readBody(
  request: Request,
  response: Response,
  maxBytes: number,
  hold: (bytes: number) => Error | undefined = () => undefined,
): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) {
    leaveRest(request, response);
    throw tooLarge(maxBytes);
  }
  const body = await receive(request, response, maxBytes, hold);
  requireRights(request, response);
  return body;
}

function receive(
  request: Request,
  response: Response,
  maxBytes: number,
  hold: (bytes: number) => Error | undefined,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const stop = (): void => {
      request.off('data', take).off('end', finish).off('close', lose).off('error', lose);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      const refusal = bytes > maxBytes ? tooLarge(maxBytes) : hold(chunk.length);
      if (refusal === undefined) {
        chunks.push(chunk);
        return;
      }
      stop();
      leaveRest(request, response);
      reject(refusal);
    };
    const finish = (): void => {
      stop();
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    };
    const lose = (): void => {
      stop();
      reject(new IncompleteBodyError());
    };
    if (request.destroyed && !request.readableEnded) return lose();
    if (request.readableEnded) return finish();
    request.on('data', take).once('end', finish).once('close', lose).once('error', lose);
  });
}

/** Guards looked before the body came, which may take as long as the server lets it. */
function requireRights(request: Request, response: Response): void {
  const subscriber = getSubscriber(request);
  if (subscriber === undefined || rightsEnd(subscriber) === undefined) return;
  response.set('WWW-Authenticate', 'Bearer realm="nuts"');
  throw new UnauthorizedException('Unauthorized');
}

function leaveRest(request: Request, response: Response): void {
  request.pause();
  response.set('Connection', 'close');
}

function tooLarge(maxBytes: number): Error {
  return new PayloadTooLargeException(`The body exceeds ${maxBytes} bytes`);
}
