import {
  BadRequestException,
  PayloadTooLargeException,
  UnauthorizedException,
} from '@nestjs/common';
import { getSubscriber, rightsEnd } from '@nuts/auth';
import type { Request, Response } from 'express';
import { BodyBuffer } from './body-buffer.js';

/**
 * The client disconnected before its body was complete, so there is no one to answer. It is an
 * `HttpException`, so that it is not logged as an unexpected error.
 */
export class IncompleteBodyError extends BadRequestException {
  override readonly name = 'IncompleteBodyError';

  constructor() {
    super('The client closed the connection before the body was complete');
  }
}

/**
 * Reads the body unchanged. Stops at the limit and closes the connection after the answer, because HTTP/1
 * has no other way to refuse the rest.
 *
 * @param maxBytes largest body in bytes
 * @param hold called with the size of each chunk before it is kept; a returned error refuses the body
 * @throws PayloadTooLargeException for a larger body; before reading, if `Content-Length` shows it
 * @throws IncompleteBodyError
 * @throws UnauthorizedException if the client's token expired during the upload
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
    const body = new BodyBuffer();
    const stop = (): void => {
      request.off('data', take).off('end', finish).off('close', lose).off('error', lose);
    };
    const take = (chunk: Buffer): void => {
      const exceeds = body.length + chunk.length > maxBytes;
      const refusal = exceeds ? tooLarge(maxBytes) : hold(chunk.length);
      if (refusal === undefined) return body.append(chunk);
      stop();
      leaveRest(request, response);
      reject(refusal);
    };
    const finish = (): void => {
      stop();
      resolve(body.whole());
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

/** Guards ran before the body arrived, which may take as long as the server allows. */
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
