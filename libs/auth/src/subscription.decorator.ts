import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { getRequestedSubscription, getSubscriber } from './request-subscription.js';

/** A handler's parameter: the `RequestedSubscription`, or undefined outside a hub's route. */
export const Subscription = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  getRequestedSubscription(context.switchToHttp().getRequest<object>()),
);

/** A handler's parameter: the `Subscriber`, or undefined on a hub that is open to everybody. */
export const CurrentSubscriber = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  getSubscriber(context.switchToHttp().getRequest<object>()),
);
