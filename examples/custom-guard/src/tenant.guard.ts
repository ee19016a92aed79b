import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  HttpException,
  HttpStatus,
  Injectable,
  Logger,
  ServiceUnavailableException,
  UnauthorizedException,
} from '@nestjs/common';
import { getRequestedSubscription, setSubscriber } from '@nuts/auth';
import type { Request } from 'express';
import { type Member, TenantDirectory } from './tenant-directory.service.js';

const SESSION = /(?:^|;\s*)session=([\w-]{1,128})(?:;|$)/;

/**
 * Lets members of a tenant listen to their tenant's topics: `acme.>` for members of acme. Who that
 * is, the company's directory says, by the session cookie. Without its answer nobody passes.
 */
@Injectable()
export class TenantGuard implements CanActivate {
  private readonly logger = new Logger(TenantGuard.name);

  constructor(private readonly directory: TenantDirectory) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const requested = getRequestedSubscription(request);
    // Not a hub's route: a global guard sees all other routes too.
    if (requested === undefined) return true;

    const session = SESSION.exec(request.headers.cookie ?? '')?.[1];
    const member = session === undefined ? undefined : await this.ask(session);
    if (member === undefined) throw new UnauthorizedException('Please log in');
    if (member.suspended) {
      throw new HttpException('The account is suspended', HttpStatus.PAYMENT_REQUIRED);
    }
    // The topics are parsed already. Checked here for a message of our own; the filters below would
    // refuse a foreign topic as well.
    const foreign = requested.topics.find((topic) => !topic.startsWith(`${member.tenant}.`));
    if (foreign !== undefined) throw new ForbiddenException(`${foreign} is not yours`);

    // Replaces a token: `NutsAuthGuard` enforces the filters, and connection limits count by subject.
    setSubscriber(request, { subject: member.user, filters: [`${member.tenant}.>`] });
    return true;
  }

  /** A failure denies access, but as a `503`: an `EventSource` retries, while a `403` would stop it. */
  private async ask(session: string): Promise<Member | undefined> {
    try {
      return await this.directory.memberOf(session);
    } catch (error) {
      this.logger.error(`The tenant directory cannot be asked: ${String(error)}`);
      throw new ServiceUnavailableException('Please try again later');
    }
  }
}
