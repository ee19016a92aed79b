import { Module } from '@nestjs/common';
import { ClientRateGuard, RATE_STORAGE } from './client-rate.guard.js';
import { CrossSiteGuard } from './cross-site.guard.js';
import { TokenBucketStorage } from './token-bucket.storage.js';

/**
 * The guards of routes that write. Import it where a controller has `@UseGuards(…, CrossSiteGuard,
 * ClientRateGuard)`, after the guards that identify the client.
 */
@Module({
  providers: [
    CrossSiteGuard,
    ClientRateGuard,
    { provide: RATE_STORAGE, useFactory: () => new TokenBucketStorage() },
  ],
  exports: [CrossSiteGuard, ClientRateGuard, RATE_STORAGE],
})
export class WritingModule {}
