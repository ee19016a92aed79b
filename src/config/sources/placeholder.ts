import { accepted, refused, type Parsed } from '../setting.interface.js';
import type { Environment } from './raw-configuration.interface.js';

const PLACEHOLDER = /\$\$\{|\$\{([^}]*)\}|\$\{/g;
const CONTENT = /^([A-Za-z_][A-Za-z0-9_]*)(?::(.*))?$/s;

/**
 * Fills `${NAME}` and `${NAME:default}` from the environment (contract §7); `$${` stands for `${`.
 * What is filled in is never read again: a value cannot bring placeholders or YAML of its own.
 * @param used collects the names that were asked for
 */
export function fillPlaceholders(
  text: string,
  env: Environment,
  used: Set<string>,
): Parsed<string> {
  let wrong: string | undefined;
  const filled = text.replace(PLACEHOLDER, (whole, content: string | undefined) => {
    if (whole === '$${') return '${';
    // A default ends at the first brace: the rest of one within it would stay as text.
    if (content?.includes('${')) {
      wrong ??= 'holds ${ within the default of another; a default is plain text';
      return '';
    }
    const [, name, fallback] = CONTENT.exec(content ?? '') ?? [];
    if (name === undefined) {
      wrong ??= 'holds ${ without NAME} or NAME:default} after it; write $${ for the text itself';
      return '';
    }
    used.add(name);
    const value = env[name] || fallback;
    if (value === undefined) wrong ??= `needs the environment variable ${name}, which is unset`;
    return value ?? '';
  });
  return wrong === undefined ? accepted(filled) : refused(wrong);
}
