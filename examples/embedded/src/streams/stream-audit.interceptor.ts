import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { getRequestedSubscription, getSubscriber } from '@nuts/auth';
import { finalize, type Observable } from 'rxjs';

/** One opened stream, in the company's own words. */
export interface AuditEntry {
  readonly user: string | undefined;
  readonly hub: string;
  readonly topics: readonly string[];
  endedAt?: Date;
}

/** Writes down who listened to what, and until when: a plain Nest interceptor around every stream. */
@Injectable()
export class StreamAudit implements NestInterceptor {
  readonly entries: AuditEntry[] = [];
  private readonly logger = new Logger(StreamAudit.name);

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<object>();
    const requested = getRequestedSubscription(request);
    const entry: AuditEntry = {
      user: getSubscriber(request)?.subject,
      hub: requested?.hub.path ?? '',
      topics: requested?.topics ?? [],
    };
    this.entries.push(entry);
    return next.handle().pipe(
      finalize(() => {
        entry.endedAt = new Date();
        this.logger.log({ msg: 'stream over', ...entry });
      }),
    );
  }
}
