import type { IncomingMessage } from 'node:http';
import { Inject } from '@nestjs/common';
import type { AccessOptions } from './access-options.interface.js';

/** Where a request carries its token. Bind the token of the same name to replace the default. */
export interface TokenSource {
  /**
   * The token as sent; undefined when the request has none.
   *
   * @throws InvalidTokenError when it carries one in a way that must be refused
   */
  extract(request: IncomingMessage, access: AccessOptions): string | undefined;
}

export const TokenSource = Symbol('TokenSource');
export const InjectTokenSource = (): ParameterDecorator & PropertyDecorator => Inject(TokenSource);
