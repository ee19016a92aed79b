import { Controller, Get } from '@nestjs/common';
import { HubRegistry } from '@nuts/streaming';

/** What the company's operators look at. */
interface HubReport {
  readonly path: string;
  readonly works: boolean;
  readonly connections: number;
  readonly lastSequence?: number;
}

/** The hubs as they are at this moment, out of memory. */
@Controller('admin/hubs')
export class StreamsController {
  constructor(private readonly registry: HubRegistry) {}

  @Get()
  list(): HubReport[] {
    return this.registry.hubs().map(({ options, status }) => ({
      path: options.path,
      works: status.trouble === undefined,
      connections: status.connections,
      ...(status.stream && { lastSequence: status.stream.lastSequence }),
    }));
  }
}
