import {
  Inject,
  Injectable,
  Scope,
  type InjectionToken,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { HubOptions } from '../hub/hub-options.interface.js';
import { HubOptionsError } from '../hub/hub-options.error.js';
import { scopeOf } from '../sse/hub-enhancers.js';
import { STREAMING_OPTIONS, type StreamingOptions } from '../streaming.options.js';
import { HubMapping } from './hub-mapping.js';
import type { HubMapper, MessageMapper } from './message-mapper.interface.js';

/** Resolves the mappers in the options of hubs. */
@Injectable()
export class HubMappers implements OnModuleInit {
  private readonly mappings = new Map<HubOptions, HubMapping>();

  constructor(
    @Inject(STREAMING_OPTIONS) options: StreamingOptions,
    private readonly modules: ModuleRef,
  ) {
    for (const hub of options.hubs) {
      if (hub.mapper === undefined) continue;
      const { name, path } = hub;
      this.mappings.set(hub, new HubMapping({ name, path }, hub.format));
    }
  }

  /** Undefined for a hub without a mapper. */
  of(hub: HubOptions): HubMapping | undefined {
    return this.mappings.get(hub);
  }

  /** @throws HubOptionsError if a mapper is request-scoped, or has no method `map` */
  async onModuleInit(): Promise<void> {
    for (const [{ path, mapper }, mapping] of this.mappings) {
      if (mapper !== undefined) mapping.use(await this.resolve(path, mapper));
    }
  }

  private async resolve(path: string, mapper: HubMapper): Promise<MessageMapper> {
    const found = isMapper(mapper) ? mapper : await this.find(path, mapper);
    if (isMapper(found)) return found;
    throw new HubOptionsError([`${path}: the mapper has no method map; implement MessageMapper`]);
  }

  private async find(path: string, token: InjectionToken<MessageMapper>): Promise<unknown> {
    const scope = scopeOf(this.modules, token);
    if (scope === undefined) return this.modules.create(token as Type<MessageMapper>);
    if (scope === Scope.DEFAULT) return this.modules.get(token, { strict: false });
    throw new HubOptionsError([
      `${path}: the mapper is request-scoped or transient, but is not called per request; provide it in the default scope`,
    ]);
  }
}

function isMapper(mapper: unknown): mapper is MessageMapper {
  return (
    typeof mapper === 'object' &&
    mapper !== null &&
    'map' in mapper &&
    typeof mapper.map === 'function'
  );
}
