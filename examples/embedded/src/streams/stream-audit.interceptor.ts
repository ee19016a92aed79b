import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { getRequestedSubscription, getSubscriber } from '@nuts/auth';
import { finalize, type Observable } from 'rxjs';

/** One opened stream, in the format of the audit log. */
export interface AuditEntry {
  readonly user: string | undefined;
  readonly hub: string;
  readonly topics: readonly string[];
  endedAt?: Date;
}

/** Records who subscribed to which topics, and until when: an ordinary Nest interceptor. */
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
