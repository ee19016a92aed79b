import {
  Controller,
  type MessageEvent,
  NotFoundException,
  Req,
  Sse,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { HubGuards } from './hub-guards.js';
import { RetryStreamFilter } from '../refusals/retry-stream.filter.js';
import { openedStream, StreamAdmission } from './stream-admission.guard.js';
import { STREAM_ROUTE } from '../request/stream-route.js';

/**
 * The stream of every hub. When the handler runs, the guards have passed and the engine has admitted the
 * client. Nest sends the headers when it subscribes. The engine writes the frames to the response directly,
 * because Nest's writer makes a system call per frame and generates IDs (DESIGN §3, §6).
 */
@Controller({ version: VERSION_NEUTRAL })
@UseGuards(HubGuards, StreamAdmission)
@UseFilters(RetryStreamFilter)
export class StreamController {
  @Sse(STREAM_ROUTE)
  stream(@Req() request: Request): Observable<MessageEvent> {
    const opened = openedStream(request);
    if (opened === undefined) throw new NotFoundException();
    return opened.events();
  }
}
