import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
} from '@nestjs/common';
import { getSubscriber } from '@nuts/auth';
import type { Request } from 'express';
import { hasAmbientCredentials, isForeignOrigin } from './cross-site.js';
import { getWriteRules } from './write-rules.js';

/**
 * Refuses cross-site requests with a user's cookies (contract §10), whatever the body's type. Runs after
 * the guards that identify the client; requests without {@link getWriteRules} pass.
 */
@Injectable()
export class CrossSiteGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const rules = getWriteRules(request);
    if (rules === undefined) return true;
    // Nobody was identified and everyone may write, so cookies have no effect.
    if (rules.anonymous && getSubscriber(request) === undefined) return true;
    if (hasAmbientCredentials(request) && isForeignOrigin(request, rules.origins)) {
      throw new ForbiddenException(
        'Cross-site request refused: cookies are accepted only from allowed origins',
      );
    }
    return true;
  }
}
