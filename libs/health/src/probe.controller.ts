import { Controller, Get, Query, Res, type Type } from '@nestjs/common';
import { HealthCheck } from '@nestjs/terminus';
import { HealthService } from './health.service.js';
import type { ProbePaths } from './health.options.js';
import type { ProbeAnswer, ProbeBody, ProbeQuery } from './probe.interface.js';

/** The common part of Express's and Fastify's responses. */
interface StatusBearer {
  status(code: number): unknown;
}

function send({ status, body }: ProbeAnswer, response: StatusBearer): ProbeBody {
  response.status(status);
  return body;
}

/** Creates a controller class per module, because paths are metadata of the class. */
export function createProbeController(paths: ProbePaths): Type<unknown> {
  @Controller()
  class ProbeController {
    constructor(private readonly probes: HealthService) {}

    @Get(paths.live)
    @HealthCheck()
    async live(@Res({ passthrough: true }) response: StatusBearer): Promise<ProbeBody> {
      return send(await this.probes.live(), response);
    }

    @Get(paths.ready)
    @HealthCheck()
    async ready(
      @Query() query: ProbeQuery,
      @Res({ passthrough: true }) response: StatusBearer,
    ): Promise<ProbeBody> {
      return send(await this.probes.ready(undefined, query), response);
    }

    @Get(paths.health)
    @HealthCheck()
    async health(
      @Query() query: ProbeQuery,
      @Res({ passthrough: true }) response: StatusBearer,
    ): Promise<ProbeBody> {
      return send(await this.probes.health(undefined, query), response);
    }
  }
  return ProbeController;
}
