import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
} from '@nestjs/common';
import { getRequestedAccess, getSubscriber } from '@nuts/auth';
import { HubGuards } from '@nuts/streaming';
import { getWriteRules } from '@nuts/writing';
import type { Request } from 'express';

/** Runs the hub's guards, which see the action `publish`; nobody writes unidentified but where all may. */
@Injectable()
export class PublishAccessGuard implements CanActivate {
  constructor(private readonly guards: HubGuards) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.guards.canActivate(context);
    const request = context.switchToHttp().getRequest<Request>();
    const isIdentified =
      getRequestedAccess(request)?.access !== undefined || getSubscriber(request) !== undefined;
    if (!isIdentified && getWriteRules(request)?.anonymous !== true) {
      throw new ForbiddenException('Forbidden topic');
    }
    return true;
  }
}
