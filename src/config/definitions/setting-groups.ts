import type { SettingTable } from '../setting.interface.js';
import { ACCESS_SETTINGS } from './access.settings.js';
import { DELIVERY_SETTINGS } from './delivery.settings.js';
import { FLEET_SETTINGS, PRESENCE_SETTINGS } from './fleet.settings.js';
import { FORMAT_SETTINGS } from './format.settings.js';
import { NATS_SETTINGS } from './nats.settings.js';
import { LISTEN_SETTINGS } from './process.settings.js';
import { PUBLISH_SETTINGS } from './publish.settings.js';
import { ROUTE_SETTINGS } from './route.settings.js';
import { SERVICE_OWN_SETTINGS } from './service.settings.js';

/** The groups of settings in docs/configuration.md and docs/hub-settings.md, one table each. */
export const SETTING_GROUPS: readonly {
  readonly name: string;
  readonly table: SettingTable;
}[] = [
  { name: 'process', table: LISTEN_SETTINGS },
  { name: 'route', table: ROUTE_SETTINGS },
  { name: 'nats', table: NATS_SETTINGS },
  { name: 'format', table: FORMAT_SETTINGS },
  { name: 'access', table: ACCESS_SETTINGS },
  { name: 'delivery', table: DELIVERY_SETTINGS },
  { name: 'publish', table: PUBLISH_SETTINGS },
  { name: 'fleet', table: { ...FLEET_SETTINGS, ...PRESENCE_SETTINGS } },
  { name: 'services', table: SERVICE_OWN_SETTINGS },
];
