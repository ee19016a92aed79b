import { HUB_SETTINGS } from '../definitions/hub.settings.js';
import { PROCESS_SETTINGS } from '../definitions/process.settings.js';
import { REQUEST_SETTINGS, SERVICE_SETTINGS } from '../definitions/service.settings.js';
import type { JsonSchema, Setting, SettingTable } from '../setting.interface.js';

function defaultOf(text: string | undefined): { default?: unknown } {
  if (text === undefined || text === '') return {};
  const isJson = /^(true|false|-?\d+(\.\d+)?)$/.test(text);
  return { default: isJson ? (JSON.parse(text) as unknown) : text };
}

function schemaOf(definition: Setting<unknown>): JsonSchema {
  return {
    description: `${definition.doc} Allowed: ${definition.kind.allowed}.`,
    ...defaultOf(definition.default),
    ...definition.kind.schema,
  };
}

function namesOf(table: SettingTable, wanted: (definition: Setting<unknown>) => boolean): string[] {
  return Object.entries(table).flatMap(([name, definition]) => (wanted(definition) ? [name] : []));
}

function references(names: readonly string[]): JsonSchema {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/definitions/${name}` }]));
}

/** One of these settings is required: at the top, or in every hub. */
function somewhere(...names: string[]): JsonSchema {
  const anyOf = names.map((name) => ({ required: [name] }));
  const inEveryHub = { type: 'array', items: { type: 'object', anyOf } };
  return { anyOf: [...anyOf, { properties: { hubs: inEveryHub } }] };
}

/**
 * The JSON Schema of a configuration file, for editors. It does not check settings that depend on each
 * other; `npm run config:check` does.
 */
export function configurationSchema(): JsonSchema {
  const table: SettingTable = HUB_SETTINGS;
  const hub = namesOf(table, () => true);
  const shared = namesOf(table, (definition) => !definition.ownOnly);
  const all: SettingTable = { ...PROCESS_SETTINGS, ...HUB_SETTINGS, ...REQUEST_SETTINGS };
  const { path, subject_prefix: prefix, ...ofService } = SERVICE_SETTINGS;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of NUTS for NestJS (NUTS_CONFIG)',
    type: 'object',
    additionalProperties: false,
    required: ['hubs'],
    properties: {
      $schema: { type: 'string' },
      hubs: {
        description: 'The hubs. Each has a path; its own settings win over those at the top.',
        type: 'array',
        minItems: 1,
        items: { $ref: '#/definitions/hub' },
      },
      services: {
        description: 'Doors to NATS services. Each has a path and a subject_prefix.',
        type: 'array',
        items: { $ref: '#/definitions/service' },
      },
      ...references(Object.keys(PROCESS_SETTINGS)),
      ...references([...shared, ...Object.keys(REQUEST_SETTINGS)]),
    },
    allOf: [
      ...namesOf(table, ({ required }) => required === true).map((name) => somewhere(name)),
      somewhere('stream_name', 'kv_bucket'),
    ],
    definitions: {
      hub: {
        type: 'object',
        additionalProperties: false,
        required: ['path'],
        properties: references(hub),
      },
      service: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'subject_prefix'],
        properties: {
          path: schemaOf(path),
          subject_prefix: schemaOf(prefix),
          ...references(Object.keys(ofService)),
        },
      },
      ...Object.fromEntries(
        Object.entries(all).map(([name, definition]) => [name, schemaOf(definition)]),
      ),
    },
  };
}
