import { HUB_SETTINGS } from '../definitions/hub.settings.js';
import { PROCESS_SETTINGS } from '../definitions/process.settings.js';
import { REQUEST_SETTINGS, SERVICE_SETTINGS } from '../definitions/service.settings.js';
import type { SettingTable } from '../setting.interface.js';
import type { FileSettingsReader } from './file-settings.reader.js';
import type { RawEntry } from './raw-configuration.interface.js';
import { elementsOf, entriesOfMap, type Entry, type OpenFile } from './yaml-node.js';

/** A list in a configuration file whose entries have their own settings. */
interface EntryList {
  readonly name: 'hubs' | 'services';
  readonly table: SettingTable;
  /** The name of an entry in errors. */
  readonly what: string;
  /** Why a setting is not allowed in an entry, if there is a specific reason. */
  misplaced(name: string): string | undefined;
}

/** The hubs of a file. */
export const HUB_LIST: EntryList = {
  name: 'hubs',
  table: HUB_SETTINGS,
  what: 'hub',
  misplaced: (name) =>
    isService(name) ? 'belongs to an entry of services' : misplacedOfProcess(name),
};

/** The entries of `services` of a file. */
export const SERVICE_LIST: EntryList = {
  name: 'services',
  table: SERVICE_SETTINGS,
  what: 'entry of services',
  misplaced: (name) =>
    Object.hasOwn(HUB_SETTINGS, name) && !Object.hasOwn(SERVICE_SETTINGS, name)
      ? 'has no meaning for services'
      : misplacedOfProcess(name),
};

/** Settings at the top of a file, which its hubs and services inherit. */
export const SHARED_TABLE: SettingTable = { ...HUB_SETTINGS, ...REQUEST_SETTINGS };

/** Why a setting is not allowed at the top of a file. */
export function misplacedAtTop(name: string): string | undefined {
  if (name === 'path') return 'belongs to an entry of hubs';
  return name === 'subject_prefix' ? 'belongs to an entry of services' : undefined;
}

/** Reads the entries of a list; the reader collects errors. */
export function readEntries(
  file: OpenFile,
  reader: FileSettingsReader,
  list: EntryList,
  node: Entry | undefined,
): RawEntry[] {
  const elements = elementsOf(file, node?.node);
  if (elements === undefined && node !== undefined && list.name === 'services') {
    reader.refuse(list.name, `${node.place}: ${list.name} must be a list`);
  }
  return (elements ?? []).map(({ node: element, place }, index) => {
    const prefix = `${list.name}[${index}].`;
    const entries = entriesOfMap(file, element);
    if (entries === undefined) {
      reader.refuse(list.name, `${place}: ${list.name}[${index}] must contain a path and settings`);
    }
    const missing: RawEntry['missing'] = (name) => ({ name, label: `${place}: ${prefix}${name}` });
    const own = reader.settings(entries ?? [], list.table, prefix, (name) => list.misplaced(name));
    const path = own.get('path');
    if (entries !== undefined && !path?.broken && path?.value === undefined) {
      reader.refuse('path', `${missing('path').label} is not set: each ${list.what} needs its own`);
    }
    return { own, missing };
  });
}

/** Whether a setting belongs to the process. */
export function isProcess(name: string): boolean {
  return Object.hasOwn(PROCESS_SETTINGS, name);
}

function isService(name: string): boolean {
  return Object.hasOwn(SERVICE_SETTINGS, name) && !Object.hasOwn(HUB_SETTINGS, name);
}

function misplacedOfProcess(name: string): string | undefined {
  return isProcess(name) ? 'belongs at the top of the file' : undefined;
}
