import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type InjectionToken,
  type NestInterceptor,
  type OnModuleInit,
} from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { defer, mergeAll, type Observable } from 'rxjs';
import { HubOptionsError } from '../hub/hub-options.error.js';
import { inAllModules, responsibleFor } from '../hub/sibling-modules.js';
import { HUB_DIRECTORY, type HubDirectory } from '../hub/stream-request.interface.js';
import { requestedHub } from '../request/hub-request.js';
import { enhancerResolver, type ResolveEnhancer } from './hub-enhancers.js';

/**
 * An interceptor for all hubs: an instance, a class (created by Nest if no module provides it), or a token.
 * It sees the opening of a stream (the connected event) and its end; later frames go directly from the
 * engine to the socket.
 */
export type HubInterceptor = NestInterceptor | InjectionToken<NestInterceptor>;

/** Injection token of the interceptors in the module's options, outermost first. */
export const HUB_INTERCEPTORS = Symbol('HubInterceptors');

/** Runs the interceptors of the module's options around the opening of a stream, after the guards. */
@Injectable()
export class HubInterceptors implements NestInterceptor, OnModuleInit {
  private interceptors: readonly ResolveEnhancer<NestInterceptor>[] = [];
  private others: readonly HubInterceptors[] = [];

  constructor(
    @Inject(HUB_INTERCEPTORS) private readonly configured: readonly HubInterceptor[],
    private readonly modules: ModuleRef,
    @Inject(HUB_DIRECTORY) readonly directory: HubDirectory,
    private readonly container: ModulesContainer,
  ) {}

  /** @throws HubOptionsError if only some modules of the application have interceptors */
  async onModuleInit(): Promise<void> {
    this.others = inAllModules(this.container, HubInterceptors);
    this.requireAllOrNone();
    this.interceptors = await Promise.all(
      this.configured.map((each) => enhancerResolver(this.modules, each, isInterceptor)),
    );
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const hub = requestedHub(context.switchToHttp().getRequest<object>());
    const responsible = (hub && responsibleFor(hub, this, this.others)) ?? this;
    return responsible.around(context, next, 0);
  }

  /** One route serves all modules, and its controller is either intercepted or not. */
  private requireAllOrNone(): void {
    const without = this.others.filter(({ configured }) => configured.length === 0);
    if (without.length === 0 || without.length === this.others.length) return;
    throw new HubOptionsError([
      'either all or none of the StreamingModules of an application may have interceptors: add interceptors to each, or declare all hubs in one module',
    ]);
  }

  private around(context: ExecutionContext, next: CallHandler, index: number): Observable<unknown> {
    const resolve = this.interceptors[index];
    if (resolve === undefined) return next.handle();
    const inner: CallHandler = { handle: () => this.around(context, next, index + 1) };
    return defer(async () => (await resolve(context)).intercept(context, inner)).pipe(mergeAll());
  }
}

function isInterceptor(each: HubInterceptor): each is NestInterceptor {
  return typeof each === 'object' && 'intercept' in each;
}
