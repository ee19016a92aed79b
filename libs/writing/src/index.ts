export { restoreBody, bypassBodyParsers } from './body-parser-bypass.js';
export { clientOf } from './client-of.js';
export { ClientRateGuard, RATE_STORAGE } from './client-rate.guard.js';
export { CrossSiteGuard } from './cross-site.guard.js';
export { hasAmbientCredentials, isForeignOrigin } from './cross-site.js';
export { IncompleteBodyError, readBody } from './read-body.js';
export { TokenBucketStorage } from './token-bucket.storage.js';
export { getWriteRules, setWriteRules, type WriteRules } from './write-rules.js';
export { WritingModule } from './writing.module.js';
