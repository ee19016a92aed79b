import { Controller, Get } from '@nestjs/common';
import { HubRegistry } from '@nuts/streaming';

/** Information for operators. */
interface HubReport {
  readonly path: string;
  readonly works: boolean;
  readonly connections: number;
  readonly lastSequence?: number;
}

/** The current state of the hubs, from memory. */
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
