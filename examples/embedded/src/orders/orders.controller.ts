import { randomUUID } from 'node:crypto';
import { BadRequestException, Body, Controller, Get, Post, Req, UseGuards } from '@nestjs/common';
import { HubLink, HubPublisher } from '@nuts/streaming';
import type { Request } from 'express';
import { SessionStore } from '../sessions/session-store.service.js';
import { SessionGuard } from '../sessions/session.guard.js';

interface Order {
  readonly id: string;
  readonly item: string;
}

/** The orders, and where a client continues with a stream. */
interface OrderList {
  readonly orders: readonly Order[];
  /** All events up to this one are in the list: the `last-id` of a stream that continues. */
  readonly lastEventId: number;
}

/** The API. Its responses contain a link to the hub that streams changes. */
@Controller('orders')
@UseGuards(SessionGuard)
@HubLink('/events')
export class OrdersController {
  private readonly lists = new Map<string, OrderList>();

  constructor(
    private readonly publisher: HubPublisher,
    private readonly sessions: SessionStore,
  ) {}

  @Get()
  list(@Req() request: Request): OrderList {
    return this.listOf(this.userOf(request));
  }

  @Post()
  async create(@Req() request: Request, @Body() { item }: { item?: unknown }): Promise<Order> {
    if (typeof item !== 'string' || item === '') throw new BadRequestException('item is missing');
    const user = this.userOf(request);
    const order: Order = { id: randomUUID(), item };
    const { id } = await this.publisher.publish('/events', `${user}.orders.created`, order, {
      // If the order is published again after a timeout, it is stored once.
      idempotencyKey: order.id,
    });
    const { orders, lastEventId } = this.listOf(user);
    this.lists.set(user, {
      orders: [...orders, order],
      lastEventId: Math.max(lastEventId, Number(id)),
    });
    return order;
  }

  private listOf(user: string): OrderList {
    return this.lists.get(user) ?? { orders: [], lastEventId: 0 };
  }

  private userOf(request: Request): string {
    return this.sessions.userOf(request) ?? '';
  }
}
