import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { getRequestedSubscription, getSubscriber } from './request-subscription.js';

/** Parameter decorator for the `RequestedSubscription`; undefined outside a hub's route. */
export const Subscription = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  getRequestedSubscription(context.switchToHttp().getRequest<object>()),
);

/** Parameter decorator for the `Subscriber`; undefined on a hub that is open to everyone. */
export const CurrentSubscriber = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  getSubscriber(context.switchToHttp().getRequest<object>()),
);
