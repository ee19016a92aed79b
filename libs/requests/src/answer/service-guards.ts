import type { CanActivate, Type } from '@nestjs/common';
import { NutsAuthGuard } from '@nuts/auth';

/** A guard for all services: an instance, or a class that Nest creates in the module. */
export type ServiceGuard = CanActivate | Type<CanActivate>;

/** Injection token of the guards in the module's options, in execution order. */
export const SERVICE_GUARDS = Symbol('ServiceGuards');

/** Whether there is a guard besides `NutsAuthGuard`, which allows everything if `access` is not set. */
export function hasOwnGuard(guards: readonly ServiceGuard[]): boolean {
  return guards.some((guard) => guard !== NutsAuthGuard && !(guard instanceof NutsAuthGuard));
}
