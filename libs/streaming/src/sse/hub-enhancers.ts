import { type ExecutionContext, type InjectionToken, Scope, type Type } from '@nestjs/common';
import { ContextIdFactory, type ModuleRef } from '@nestjs/core';

/** Resolves a guard or an interceptor for one request. */
export type ResolveEnhancer<T> = (context: ExecutionContext) => T | Promise<T>;

/**
 * Resolves a guard or an interceptor from the module's options: an instance as it is, a token from the
 * module that provides it, per request if its scope requires that. A class without a provider is
 * instantiated here.
 */
export async function enhancerResolver<T extends object>(
  modules: ModuleRef,
  enhancer: T | InjectionToken<T>,
  isInstance: (enhancer: T | InjectionToken<T>) => enhancer is T,
): Promise<ResolveEnhancer<T>> {
  if (isInstance(enhancer)) return () => enhancer;
  const token: InjectionToken<T> = enhancer;
  const scope = scopeOf(modules, token);
  if (scope === undefined) {
    const made = await modules.create(token as Type<T>);
    return () => made;
  }
  if (scope === Scope.DEFAULT) {
    const found = modules.get(token, { strict: false });
    return () => found;
  }
  return (context) => {
    const request = context.switchToHttp().getRequest<object>();
    const contextId = ContextIdFactory.getByRequest(request);
    modules.registerRequestByContextId(request, contextId);
    return modules.resolve(token, contextId, { strict: false });
  };
}

/** The scope of a token's provider; undefined if the token is a class without a provider. */
export function scopeOf(modules: ModuleRef, token: InjectionToken): Scope | undefined {
  try {
    return modules.introspect(token as Type).scope;
  } catch (error) {
    if (typeof token === 'function') return undefined;
    throw error;
  }
}
