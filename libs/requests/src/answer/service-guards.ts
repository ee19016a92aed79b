import type { CanActivate, Type } from '@nestjs/common';
import { NutsAuthGuard } from '@nuts/auth';

/** A guard for all services: an instance, or a class that Nest makes in the module. */
export type ServiceGuard = CanActivate | Type<CanActivate>;

/** Token of the guards given in the module's options, in the order in which they run. */
export const SERVICE_GUARDS = Symbol('ServiceGuards');

/** Whether somebody decides besides `NutsAuthGuard`, which lets everybody pass where `access` is not set. */
export function hasOwnGuard(guards: readonly ServiceGuard[]): boolean {
  return guards.some((guard) => guard !== NutsAuthGuard && !(guard instanceof NutsAuthGuard));
}
