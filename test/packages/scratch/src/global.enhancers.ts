// Typical global enhancers of an application, which also apply to hubs.
import {
  type ArgumentMetadata,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  ForbiddenException,
  HttpException,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Observable, tap } from 'rxjs';

/** The application's `APP_GUARD`: requires this header. */
@Injectable()
export class CompanyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<Request>();
    if (headers['x-company'] !== 'ours') throw new ForbiddenException('not of this company');
    return true;
  }
}

/** Formats every error in the application's own format. */
@Catch(HttpException)
export class CompanyFilter implements ExceptionFilter<HttpException> {
  catch(error: HttpException, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    response.status(error.getStatus()).json({ company: true, message: error.message });
  }
}

/** Logs the duration of each route. */
@Injectable()
export class TimingInterceptor implements NestInterceptor {
  readonly routes: string[] = [];

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { name } = context.getClass();
    return next.handle().pipe(tap({ complete: () => this.routes.push(name) }));
  }
}

/** Trims text from any source. */
@Injectable()
export class TrimPipe implements PipeTransform {
  transform(value: unknown, _metadata: ArgumentMetadata): unknown {
    return typeof value === 'string' ? value.trim() : value;
  }
}
