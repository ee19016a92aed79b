import type { Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import type { HubDirectory, StreamHub } from './stream-request.interface.js';

/** What each `StreamingModule` of an application has one of. */
interface OfModule {
  readonly directory: Pick<HubDirectory, 'hubs'>;
}

/** The instances of a provider in all modules of the application: one for each `StreamingModule`. */
export function inAllModules<T>(modules: ModulesContainer, provider: Type<T>): T[] {
  return [...modules.values()].flatMap((module) => {
    const instance: unknown = module.providers.get(provider)?.instance;
    return instance instanceof provider ? [instance] : [];
  });
}

/**
 * Of several such instances the one of the hub's own module. All modules have one route, and Nest gives
 * its requests to the first: without this, the guards of that one would decide about the hubs of others.
 */
export function responsibleFor<T extends OfModule>(
  hub: StreamHub,
  self: T,
  others: readonly T[],
): T | undefined {
  const has = ({ directory }: T): boolean => directory.hubs().includes(hub);
  return has(self) ? self : others.find(has);
}
