import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  Optional,
} from '@nestjs/common';
import { ClaimTopicPolicy, getRequestedAccess, getSubscriber, TopicPolicy } from '@nuts/auth';
import { HubGuards } from '@nuts/streaming';
import { getWriteRules } from '@nuts/writing';
import type { Request } from 'express';

/**
 * Runs the hub's guards, with the action `publish`. A hub without `access` may have only guards of the
 * application's own, so the topic policy is also checked here: a guard that only identifies clients does
 * not allow publishing. Unidentified clients may publish only if everyone may.
 */
@Injectable()
export class PublishAccessGuard implements CanActivate {
  constructor(
    private readonly guards: HubGuards,
    @Optional() @Inject(TopicPolicy) private readonly policy: TopicPolicy = new ClaimTopicPolicy(),
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.guards.canActivate(context);
    const request = context.switchToHttp().getRequest<Request>();
    const requested = getRequestedAccess(request);
    if (requested === undefined) return false;
    if (requested.access !== undefined) return true;
    const subscriber = getSubscriber(request);
    const isAllowed =
      subscriber === undefined
        ? getWriteRules(request)?.anonymous === true
        : await this.policy.allows(subscriber, requested);
    if (!isAllowed) throw new ForbiddenException('Forbidden topic');
    return true;
  }
}
