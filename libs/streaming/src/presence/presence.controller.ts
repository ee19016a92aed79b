import {
  Controller,
  Get,
  Header,
  Inject,
  NotFoundException,
  Optional,
  Req,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { getRequestedAccess } from '@nuts/auth';
import type { Request } from 'express';
import { RetryStreamFilter } from '../refusals/retry-stream.filter.js';
import { requestedHub } from '../request/hub-request.js';
import { HubGuards } from '../sse/hub-guards.js';
import { LocalPresenceSource } from './local.presence-source.js';
import { PRESENCE_SOURCE, type Presence, type PresenceSource } from './presence.interface.js';
import { PRESENCE_ROUTE } from './presence-route.js';

/** The subscribers of a hub's topics (contract §14), for requests that passed the hub's guards. */
@Controller({ version: VERSION_NEUTRAL })
@UseGuards(HubGuards)
@UseFilters(RetryStreamFilter)
export class PresenceController {
  private readonly source: PresenceSource;

  constructor(
    local: LocalPresenceSource,
    @Optional() @Inject(PRESENCE_SOURCE) source?: PresenceSource,
  ) {
    this.source = source ?? local;
  }

  @Get(PRESENCE_ROUTE)
  @Header('Cache-Control', 'no-store')
  async presence(@Req() request: Request): Promise<Presence> {
    const hub = requestedHub(request);
    const requested = getRequestedAccess(request);
    if (hub === undefined || requested === undefined) throw new NotFoundException();
    return this.source.presenceOf(hub.options.name, requested.topics);
  }
}
