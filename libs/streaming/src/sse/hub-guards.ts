import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  type InjectionToken,
  NotFoundException,
  type OnModuleInit,
} from '@nestjs/common';
import { ApplicationConfig, ModuleRef, ModulesContainer } from '@nestjs/core';
import type { Request, Response } from 'express';
import { firstValueFrom, isObservable } from 'rxjs';
import { HubOptionsError } from '../hub/hub-options.error.js';
import { inAllModules, responsibleFor } from '../hub/sibling-modules.js';
import { HUB_DIRECTORY, type HubDirectory } from '../hub/stream-request.interface.js';
import { enhancerResolver, type ResolveEnhancer } from './hub-enhancers.js';
import { requestedHub } from '../request/hub-request.js';
import { RefusalAnswers } from '../refusals/refusal-answers.js';

/** A guard for all hubs: an instance, a class (created by Nest if no module provides it), or a token. */
export type HubGuard = CanActivate | InjectionToken<CanActivate>;

/** Injection token of the guards in the module's options, in execution order. */
export const HUB_GUARDS = Symbol('HubGuards');

/**
 * Runs the guards of the module's options in order, after the application's global guards, each with Nest's
 * own `ExecutionContext`. Unlike `@UseGuards` on a library's controller, the application can change this
 * list.
 */
@Injectable()
export class HubGuards implements CanActivate, OnModuleInit {
  private guards: readonly ResolveEnhancer<CanActivate>[] = [];
  private others: readonly HubGuards[] = [];

  constructor(
    @Inject(HUB_GUARDS) private readonly configured: readonly HubGuard[],
    private readonly modules: ModuleRef,
    private readonly refusals: RefusalAnswers,
    @Inject(HUB_DIRECTORY) readonly directory: HubDirectory,
    private readonly application: ApplicationConfig,
    private readonly container: ModulesContainer,
  ) {}

  /** @throws HubOptionsError if a hub has access settings but no guard checks them */
  async onModuleInit(): Promise<void> {
    this.requireGuard();
    this.others = inAllModules(this.container, HubGuards);
    this.guards = await Promise.all(
      this.configured.map((guard) => enhancerResolver(this.modules, guard, isGuard)),
    );
  }

  /** Without this check, a forgotten guard would leave a hub open to everyone. */
  private requireGuard(): void {
    const { application, configured } = this;
    const global = [...application.getGlobalGuards(), ...application.getGlobalRequestGuards()];
    if (configured.length + global.length > 0) return;
    const open = this.directory.hubs().filter(({ options }) => options.access !== undefined);
    if (open.length === 0) return;
    throw new HubOptionsError(
      open.map(
        ({ options }) =>
          `${options.path}: access is set, but no guard would check tokens; add NutsAuthGuard to the guards of StreamingModule`,
      ),
    );
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    // Not reachable over HTTP, but an application's own code could rewrite a URL to this route.
    const hub = requestedHub(request);
    const responsible = hub && responsibleFor(hub, this, this.others);
    if (responsible === undefined) throw new NotFoundException();
    if (responsible !== this) return responsible.canActivate(context);
    try {
      for (const resolve of this.guards) {
        const guard = await resolve(context);
        const verdict = guard.canActivate(context);
        const passed = isObservable(verdict) ? await firstValueFrom(verdict) : await verdict;
        if (!passed) throw new ForbiddenException();
      }
    } catch (error) {
      throw this.refusals.of(error, request, http.getResponse<Response>());
    }
    return true;
  }
}

function isGuard(guard: HubGuard): guard is CanActivate {
  return typeof guard === 'object' && 'canActivate' in guard;
}
