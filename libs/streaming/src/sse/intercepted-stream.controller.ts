import { Controller, UseInterceptors, VERSION_NEUTRAL } from '@nestjs/common';
import { HubInterceptors } from './hub-interceptors.js';
import { StreamController } from './stream.controller.js';

/**
 * The stream route of an application with interceptors in its options. A separate class, because an
 * interceptor costs 4 to 5 KB of heap per connection (DESIGN §3) and most applications have none.
 */
@Controller({ version: VERSION_NEUTRAL })
@UseInterceptors(HubInterceptors)
export class InterceptedStreamController extends StreamController {}
