import type { ValuesOf } from '../setting.interface.js';
import { ACCESS_SETTINGS } from './access.settings.js';
import { DELIVERY_SETTINGS } from './delivery.settings.js';
import { PRESENCE_SETTINGS } from './fleet.settings.js';
import { FORMAT_SETTINGS } from './format.settings.js';
import { NATS_SETTINGS } from './nats.settings.js';
import { PUBLISH_SETTINGS } from './publish.settings.js';
import { ROUTE_SETTINGS } from './route.settings.js';

/** All settings of a hub, in the order of the docs. */
export const HUB_SETTINGS = {
  ...ROUTE_SETTINGS,
  ...NATS_SETTINGS,
  ...FORMAT_SETTINGS,
  ...ACCESS_SETTINGS,
  ...DELIVERY_SETTINGS,
  ...PUBLISH_SETTINGS,
  ...PRESENCE_SETTINGS,
};

/** A hub's parsed settings: times in ms, sizes in bytes. */
export type HubValues = ValuesOf<typeof HUB_SETTINGS>;
export type HubSettingName = keyof typeof HUB_SETTINGS;
