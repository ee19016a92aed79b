import { HUB_SETTINGS } from './definitions/hub.settings.js';
import type { EventTypeSource } from './kinds/event-type.kind.js';
import type { NatsServer } from './kinds/nats-url.kind.js';
import type { ParsedSetting, ParsedSettings } from './parsed-settings.js';
import type { ExclusiveWay, Setting } from './setting.interface.js';

const NATS_AUTHENTICATION = 'nats authentication' satisfies ExclusiveWay['group'];

function exclusiveOf(name: string): ExclusiveWay | undefined {
  return (HUB_SETTINGS as Record<string, Setting<unknown>>)[name]?.exclusive;
}

/** The value of a setting that is written down and right. */
function valueOf<T>(settings: ParsedSettings, name: string): T | undefined {
  const setting = settings.get(name);
  // The table says which kind has read it.
  return setting?.state === 'right' ? (setting.value as T) : undefined;
}

/** What a setting chooses where only one may be chosen; credentials in an address are one as well. */
function choicesOf(settings: ParsedSettings): ExclusiveWay[] {
  const named = [...settings]
    .filter(([, { state }]) => state !== 'empty')
    .flatMap(([name]) => exclusiveOf(name) ?? []);
  const servers = valueOf<readonly NatsServer[]>(settings, 'nats_url') ?? [];
  const inAddress = servers.some(({ user, token }) => user !== undefined || token !== undefined);
  return inAddress ? [...named, { group: NATS_AUTHENTICATION, way: 'nats_url' }] : named;
}

/** The servers of a shared address, for a hub that authenticates in its own way. */
function withoutCredentials(setting: ParsedSetting): ParsedSetting {
  if (setting.state !== 'right') return setting;
  const servers = (setting.value as readonly NatsServer[]).map(
    ({ address, host, transport, secure }): NatsServer => ({ address, host, transport, secure }),
  );
  return { ...setting, value: servers };
}

/** An event's name of its own does not come from the shared header, unless it leaves that open. */
function namesEvents(own: ParsedSettings): boolean {
  const type = valueOf<EventTypeSource>(own, 'event_type');
  return type !== undefined && (type.from !== 'header' || type.header !== undefined);
}

/**
 * Shared settings under a hub's own. A hub that authenticates in its own way, has a key of its own
 * kind, or names its events itself, does not inherit the shared way as well: one at most may be set.
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
