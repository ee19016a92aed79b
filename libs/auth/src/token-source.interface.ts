import type { IncomingMessage } from 'node:http';
import { Inject } from '@nestjs/common';
import type { AccessOptions } from './access-options.interface.js';

/** Extracts the token from a request. Bind the injection token of the same name to replace the default. */
export interface TokenSource {
  /**
   * The token as sent; undefined if the request has none.
   *
   * @throws InvalidTokenError if the request must be refused because of how it carries the token
   */
  extract(request: IncomingMessage, access: AccessOptions): string | undefined;
}

export const TokenSource = Symbol('TokenSource');
export const InjectTokenSource = (): ParameterDecorator & PropertyDecorator => Inject(TokenSource);
