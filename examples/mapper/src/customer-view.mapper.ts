import { Injectable } from '@nestjs/common';
import type { MappableMessage, MappedMessage, MessageMapper } from '@nuts/streaming';

/** An order as it is published. */
interface Order {
  readonly id: string;
  readonly status: string;
  readonly draft?: boolean;
  /** The profit of the order: for staff only. */
  readonly margin: number;
}

/** The view of customers: no drafts, and only the listed fields of an order. */
@Injectable()
export class CustomerView implements MessageMapper {
  map({ payload, topic }: MappableMessage): MappedMessage | undefined {
    const { id, status, draft } = JSON.parse(Buffer.from(payload).toString('utf8')) as Order;
    if (draft === true) return undefined;
    // A list of visible fields: a field that is added later stays hidden.
    return { payload: { id, status }, event: topic === 'created' ? 'order-created' : 'order' };
  }
}
