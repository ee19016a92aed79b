import { Injectable } from '@nestjs/common';
import { HubPublisher, OnStream, type StreamClosed, type StreamOpened } from '@nuts/streaming';

/**
 * Tells a room that somebody came or went. Pages then ask for presence: what it answers counts, not these
 * messages, since a process that is killed tells nothing.
 */
@Injectable()
export class Door {
  constructor(private readonly publisher: HubPublisher) {}

  @OnStream('opened')
  opened({ subject, topics }: StreamOpened): Promise<void> {
    return this.tell(topics, { came: subject });
  }

  @OnStream('closed')
  closed({ subject, topics }: StreamClosed): Promise<void> {
    return this.tell(topics, { went: subject });
  }

  private async tell(rooms: readonly string[], message: object): Promise<void> {
    for (const room of rooms) await this.publisher.publish('/rooms', room, message);
  }
}
