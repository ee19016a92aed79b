import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type InjectionToken,
  type NestInterceptor,
  type OnModuleInit,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { defer, mergeAll, type Observable } from 'rxjs';
import { enhancerResolver, type ResolveEnhancer } from './hub-enhancers.js';

/**
 * An interceptor for all hubs: an instance, a class (made by Nest when no module provides it), or a
 * token. It sees the opening of a stream (the connected event) and its end: every later frame goes
 * from the engine to the socket.
 */
export type HubInterceptor = NestInterceptor | InjectionToken<NestInterceptor>;

/** Token of the interceptors given in the module's options, the outermost first. */
export const HUB_INTERCEPTORS = Symbol('HubInterceptors');

/** Runs the interceptors of the module's options around the opening of a stream, after the guards. */
@Injectable()
export class HubInterceptors implements NestInterceptor, OnModuleInit {
  private interceptors: readonly ResolveEnhancer<NestInterceptor>[] = [];

  constructor(
    @Inject(HUB_INTERCEPTORS) private readonly configured: readonly HubInterceptor[],
    private readonly modules: ModuleRef,
  ) {}

  async onModuleInit(): Promise<void> {
    this.interceptors = await Promise.all(
      this.configured.map((each) => enhancerResolver(this.modules, each, isInterceptor)),
    );
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return this.around(context, next, 0);
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
