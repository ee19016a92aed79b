import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule, NutsAuthGuard } from '@nuts/auth';
import { completeHub, StreamingModule } from '@nuts/streaming';
import { CustomerView } from './customer-view.mapper.js';

/** Settings of an installation. */
export interface OrdersSettings {
  readonly natsUrl: string;
  readonly stream: string;
  /** Secret for the tokens of staff. */
  readonly staffKey: string;
}

/** Two hubs over one stream: one sends messages unchanged, the other the view of customers. */
@Module({})
export class OrdersModule {
  static forRoot({ natsUrl, stream, staffKey }: OrdersSettings): DynamicModule {
    const access = { secret: staffKey };
    // The same stream and prefix: both hubs share one consumer and one window.
    const source = { nats: { servers: [natsUrl] }, stream, topicPrefix: 'orders.' };
    return {
      module: OrdersModule,
      imports: [
        AuthModule.forRoot({ access: [access] }),
        StreamingModule.forRoot({
          hubs: [
            completeHub({ ...source, path: '/staff', access }),
            completeHub({ ...source, path: '/orders', mapper: CustomerView }),
          ],
          guards: [NutsAuthGuard],
        }),
      ],
    };
  }
}
