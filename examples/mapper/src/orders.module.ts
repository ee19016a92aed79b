import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule, NutsAuthGuard } from '@nuts/auth';
import { completeHub, StreamingModule } from '@nuts/streaming';
import { CustomerView } from './customer-view.mapper.js';

/** What differs from one installation to the next. */
export interface OrdersSettings {
  readonly natsUrl: string;
  readonly stream: string;
  /** Secret of the tokens that staff have. */
  readonly staffKey: string;
}

/** Two hubs over one stream: one shows messages as they are, the other what customers may see. */
@Module({})
export class OrdersModule {
  static forRoot({ natsUrl, stream, staffKey }: OrdersSettings): DynamicModule {
    const access = { secret: staffKey };
    // The same stream and prefix: both hubs share one reader and one window.
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
