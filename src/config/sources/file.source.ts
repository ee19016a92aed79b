import { LineCounter, parseDocument } from 'yaml';
import type { ConfigurationIssue } from '../configuration.error.js';
import { HUB_SETTINGS } from '../definitions/hub.settings.js';
import { PROCESS_SETTINGS } from '../definitions/process.settings.js';
import { SERVICE_OWN_SETTINGS } from '../definitions/service.settings.js';
import { variableOf, type Setting } from '../setting.interface.js';
import {
  HUB_LIST,
  isProcess,
  misplacedAtTop,
  readEntries,
  SERVICE_LIST,
  SHARED_TABLE,
} from './file-entries.js';
import { FileSettingsReader } from './file-settings.reader.js';
import type { Environment, RawConfiguration } from './raw-configuration.interface.js';
import { entriesOfMap, placeOf, type OpenFile } from './yaml-node.js';

const EMPTY = { process: new Map(), shared: new Map(), hubs: [], services: [], warnings: [] };
/** Names at the top of a file that are not settings. */
const STRUCTURE = ['hubs', 'services', '$schema'];

function jsonIssue(name: string, text: string): ConfigurationIssue | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    // Only the position: the rest of V8's message quotes the text, which may contain a secret.
    const message = error instanceof Error ? error.message : '';
    const position = /position (\d+)/.exec(message)?.[1];
    const line = position === undefined ? '' : `:${lineAt(text, Number(position))}`;
    return { setting: 'NUTS_CONFIG', text: `${name}${line}: is not valid JSON` };
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const YAML_ISSUES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'a name occurs twice in one map',
  TAG_RESOLVE_FAILED: 'tags (!…) are not supported',
  MULTIPLE_DOCS: 'contains more than one YAML document',
};

/** Described by the parser's code, because its messages quote the file, which may contain a secret. */
function yamlIssues(file: OpenFile): ConfigurationIssue[] {
  return [...file.document.errors, ...file.document.warnings].map((error) => ({
    setting: 'NUTS_CONFIG',
    text: `${placeOf(file, error.pos[0])}: ${
      YAML_ISSUES[error.code] ??
      `is not valid YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`
    }`,
  }));
}

/**
 * Reads a configuration file (contract §7): settings at the top are shared, `hubs` lists the hubs. YAML's
 * types are not used (failsafe schema): every scalar stays text, so that files and environment are parsed
 * by the same rules and numbers are not changed.
 */
export function fileConfiguration(name: string, text: string, env: Environment): RawConfiguration {
  const source = text.replace(/^\uFEFF/, '');
  const broken = name.toLowerCase().endsWith('.json') ? jsonIssue(name, source) : undefined;
  if (broken !== undefined) return { ...EMPTY, issues: [broken] };
  const lines = new LineCounter();
  const document = parseDocument(source, {
    schema: 'failsafe',
    // Otherwise tags such as `!!binary` would still be interpreted.
    resolveKnownTags: false,
    lineCounter: lines,
    prettyErrors: false,
  });
  const file: OpenFile = { name, document, lines };
  const wrong = yamlIssues(file);
  if (wrong.length > 0) return { ...EMPTY, issues: wrong };

  const reader = new FileSettingsReader(file, env);
  const top = entriesOfMap(file, document.contents);
  if (top === undefined) {
    reader.refuse('hubs', `${name}: must contain settings and a list of hubs`);
    return { ...EMPTY, issues: reader.issues };
  }
  const given = top.filter(({ name }) => !STRUCTURE.includes(name));
  const inherited = given.filter((entry) => !isProcess(entry.name));
  const shared = reader.settings(inherited, SHARED_TABLE, '', misplacedAtTop);
  const ofProcess = given.filter((entry) => isProcess(entry.name));
  const process = reader.settings(ofProcess, PROCESS_SETTINGS, '');
  const list = top.find((entry) => entry.name === 'hubs');
  const hubs = readEntries(file, reader, HUB_LIST, list);
  if (hubs.length === 0) {
    reader.refuse('hubs', `${list?.place ?? name}: hubs must list at least one hub with its path`);
  }
  const asked = top.find((entry) => entry.name === 'services');
  const services = readEntries(file, reader, SERVICE_LIST, asked);
  const warnings = ignoredVariables(name, env, reader.used);
  return { process, shared, hubs, services, issues: reader.issues, warnings };
}

function ignoredVariables(file: string, env: Environment, used: ReadonlySet<string>): string[] {
  return Object.entries<Setting<unknown>>(HUB_SETTINGS)
    .concat(Object.entries<Setting<unknown>>(SERVICE_OWN_SETTINGS))
    .map(([name, definition]) => variableOf(name, definition))
    .filter((variable) => env[variable] && !used.has(variable))
    .map((variable) => `${variable} is ignored: the hubs are those of ${file}`);
}
