import type { RequestedStart } from '@nuts/auth';
import { parseStart } from '@nuts/streaming';
import { accepted, refused, type Parsed, type SettingKind } from '../setting.interface.js';

/** Values of a request's `start` (contract §9). */
export const start: SettingKind<RequestedStart> = {
  allowed: 'live, all, last, last:N, a duration (PT5M) or a time (2026-01-01T00:00:00Z)',
  schema: { type: ['string', 'null'] },
  parse(raw): Parsed<RequestedStart> {
    const parsed = typeof raw === 'string' ? parseStart(raw) : undefined;
    return parsed === undefined ? refused() : accepted(parsed);
  },
};
