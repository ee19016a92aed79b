import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Drain, HubRegistry } from '@nuts/streaming';

/** The period over which streams end when the application closes. */
const WINDOW_MS = 500;
/** The time limit for the last of them; remaining streams are cut. */
const DEADLINE_MS = 2_000;

/**
 * Ends the streams one by one before the application closes, so that their clients do not all come
 * back at once. In `onModuleDestroy`: after it, the hubs cut what is left.
 */
@Injectable()
export class OrderlyEnd implements OnModuleDestroy {
  constructor(
    private readonly registry: HubRegistry,
    private readonly drain: Drain,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.drain.begin();
    const drained = Promise.all(this.registry.hubs().map((hub) => hub.drain(WINDOW_MS)));
    const deadline = new Promise((resolve) => setTimeout(resolve, DEADLINE_MS).unref());
    await Promise.race([drained, deadline]);
  }
}
