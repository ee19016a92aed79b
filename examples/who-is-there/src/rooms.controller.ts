import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Controller, Delete, Get, Param, StreamableFile } from '@nestjs/common';
import { Fleet, type FleetClosing } from '@nuts/fleet';

/** Serves the page, and disconnects a user. */
@Controller()
export class RoomsController {
  constructor(private readonly fleet: Fleet) {}

  @Get()
  page(): StreamableFile {
    const file = join(process.cwd(), 'examples/who-is-there/index.html');
    return new StreamableFile(createReadStream(file), { type: 'text/html; charset=utf-8' });
  }

  /** Ends the streams of a user in all processes. A real application allows this only to moderators. */
  @Delete('members/:name')
  close(@Param('name') name: string): Promise<FleetClosing> {
    return this.fleet.closeStreamsOf(name);
  }
}
