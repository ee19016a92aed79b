import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { getRequestedSubscription, setSubscriber } from '@nuts/auth';
import type { Request } from 'express';
import { SessionStore } from './session-store.service.js';

/** One guard for the API and for the hubs: allows users who are logged in. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly sessions: SessionStore) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const user = this.sessions.userOf(request);
    if (user === undefined) throw new UnauthorizedException('Please log in');
    const hub = getRequestedSubscription(request)?.hub;
    if (hub !== undefined) {
      // All users may read the news; under `/events`, each user has their own topics.
      setSubscriber(request, {
        subject: user,
        filters: [hub.path === '/news' ? '>' : `${user}.>`],
      });
    }
    return true;
  }
}
