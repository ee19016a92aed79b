import type { Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import type { HubDirectory, StreamHub } from './stream-request.interface.js';

/** A provider that exists once per `StreamingModule`. */
interface OfModule {
  readonly directory: Pick<HubDirectory, 'hubs'>;
}

/** All instances of a provider in the application, one per `StreamingModule`. */
export function inAllModules<T>(modules: ModulesContainer, provider: Type<T>): T[] {
  return [...modules.values()].flatMap((module) => {
    const instance: unknown = module.providers.get(provider)?.instance;
    return instance instanceof provider ? [instance] : [];
  });
}

/**
 * Selects the instance of the hub's own module. All modules register the same route, and Nest gives every
 * request to the first of them. Without this, the guards of the first module would decide about the hubs of
 * the others.
 */
export function responsibleFor<T extends OfModule>(
  hub: StreamHub,
  self: T,
  others: readonly T[],
): T | undefined {
  const has = ({ directory }: T): boolean => directory.hubs().includes(hub);
  return has(self) ? self : others.find(has);
}
