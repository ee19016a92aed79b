import { HUB_SETTINGS } from './definitions/hub.settings.js';
import type { EventTypeSource } from './kinds/event-type.kind.js';
import type { NatsServer } from './kinds/nats-url.kind.js';
import type { ParsedSetting, ParsedSettings } from './parsed-settings.js';
import type { ExclusiveWay, Setting } from './setting.interface.js';

const NATS_AUTHENTICATION = 'nats authentication' satisfies ExclusiveWay['group'];

function exclusiveOf(name: string): ExclusiveWay | undefined {
  return (HUB_SETTINGS as Record<string, Setting<unknown>>)[name]?.exclusive;
}

/** The value of a present and valid setting. */
function valueOf<T>(settings: ParsedSettings, name: string): T | undefined {
  const setting = settings.get(name);
  // The definitions determine which kind parsed it.
  return setting?.state === 'right' ? (setting.value as T) : undefined;
}

/** The exclusive choices that settings make; credentials in a URL are one of them. */
function choicesOf(settings: ParsedSettings): ExclusiveWay[] {
  const named = [...settings]
    .filter(([, { state }]) => state !== 'empty')
    .flatMap(([name]) => exclusiveOf(name) ?? []);
  const servers = valueOf<readonly NatsServer[]>(settings, 'nats_url') ?? [];
  const inAddress = servers.some(({ user, token }) => user !== undefined || token !== undefined);
  return inAddress ? [...named, { group: NATS_AUTHENTICATION, way: 'nats_url' }] : named;
}

/** The servers of a shared URL, for a hub with its own authentication. */
function withoutCredentials(setting: ParsedSetting): ParsedSetting {
  if (setting.state !== 'right') return setting;
  const servers = (setting.value as readonly NatsServer[]).map(
    ({ address, host, transport, secure }): NatsServer => ({ address, host, transport, secure }),
  );
  return { ...setting, value: servers };
}

/** A hub with its own event type does not use the shared header, unless its event type needs one. */
function namesEvents(own: ParsedSettings): boolean {
  const type = valueOf<EventTypeSource>(own, 'event_type');
  return type !== undefined && (type.from !== 'header' || type.header !== undefined);
}

/**
 * Merges shared settings with a hub's own. A hub with its own authentication, key or event type does not
 * inherit the shared one, because only one is allowed.
 */
export function inherited(shared: ParsedSettings, own: ParsedSettings): ParsedSettings {
  const choices = choicesOf(own);
  const kept = [...shared].flatMap(([name, setting]): [string, ParsedSetting][] => {
    if (name === 'event_type_header' && namesEvents(own)) return [];
    const exclusive = exclusiveOf(name);
    const rivals = choices.filter(({ group }) => group === exclusive?.group);
    if (rivals.length > 0 && !rivals.some(({ way }) => way === exclusive?.way)) return [];
    const authenticates = choices.some(({ group }) => group === NATS_AUTHENTICATION);
    return [[name, name === 'nats_url' && authenticates ? withoutCredentials(setting) : setting]];
  });
  return new Map([...kept, ...own]);
}
