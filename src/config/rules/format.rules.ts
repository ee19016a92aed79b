import type { HubRule } from './rule.interface.js';

/** `event_type: header` needs a header name from exactly one setting; without it, a name would have no effect. */
export const eventTypeHeader: HubRule = (hub) => {
  const { event_type: type, event_type_header: header } = hub.values;
  if (hub.given('event_type') && !hub.right('event_type')) return [];
  if (type.from !== 'header') {
    return hub.given('event_type_header')
      ? [hub.issue('event_type_header', `needs ${hub.nameOf('event_type')} to be header`)]
      : [];
  }
  if (type.header === undefined && !hub.given('event_type_header')) {
    const other = hub.nameOf('event_type_header');
    return [hub.issue('event_type', `does not name a header: write header NAME, or set ${other}`)];
  }
  return type.header !== undefined && header !== undefined && type.header !== header
    ? [hub.issue('event_type_header', `and ${hub.nameOf('event_type')} name different headers`)]
    : [];
};
