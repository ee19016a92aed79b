import { accepted, refused, type Parsed, type SettingKind } from '../setting.interface.js';
import { patternOrPlaceholder } from './placeholder.schema.js';

/** Where event names come from; the header may also be set with `event_type_header`. */
export type EventTypeSource =
  { readonly from: 'message' | 'topic' } | { readonly from: 'header'; readonly header?: string };

/** A NATS header name: visible ASCII without a colon. */
export const NATS_HEADER = /^[!-9;-~]+$/;

export const eventType: SettingKind<EventTypeSource> = {
  allowed: 'message, topic, or header NAME (NAME may also stand in event_type_header)',
  schema: {
    type: ['string', 'null'],
    pattern: patternOrPlaceholder('^(message|topic|header( +[!-9;-~]+)?)$'),
  },
  parse(raw): Parsed<EventTypeSource> {
    if (typeof raw !== 'string') return refused();
    if (raw === 'message' || raw === 'topic') return accepted({ from: raw });
    const [word, header, ...more] = raw.split(/\s+/);
    if (word !== 'header' || more.length > 0) return refused();
    if (header === undefined) return accepted({ from: 'header' });
    return NATS_HEADER.test(header)
      ? accepted({ from: 'header', header })
      : refused('does not name a NATS header');
  },
};
