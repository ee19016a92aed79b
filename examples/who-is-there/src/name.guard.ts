import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { getRequestedAccess, setSubscriber } from '@nuts/auth';
import type { Request } from 'express';

const NAME = /(?:^|;\s*)name=([a-z]{1,20})(?:;|$)/;

/** Trusts the name in a cookie. A real application would look up a session. */
@Injectable()
export class NameGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    // Not a hub's route.
    if (getRequestedAccess(request) === undefined) return true;
    const name = NAME.exec(request.headers.cookie ?? '')?.[1];
    if (name === undefined) throw new UnauthorizedException('Please choose a name');
    // Everybody may subscribe to every room and see its members.
    setSubscriber(request, { subject: name, filters: ['>'], presence: ['>'] });
    return true;
  }
}
