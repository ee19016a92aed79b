import { accepted, refused, type Parsed } from '../setting.interface.js';
import type { Environment } from './raw-configuration.interface.js';

const PLACEHOLDER = /\$\$\{|\$\{([^}]*)\}|\$\{/g;
const CONTENT = /^([A-Za-z_][A-Za-z0-9_]*)(?::(.*))?$/s;

/**
 * Replaces `${NAME}` and `${NAME:default}` from the environment (contract §7); `$${` stands for `${`.
 * Replaced text is not parsed again, so that a value cannot introduce placeholders or YAML.
 *
 * @param used collects the used names
 */
export function fillPlaceholders(
  text: string,
  env: Environment,
  used: Set<string>,
): Parsed<string> {
  let wrong: string | undefined;
  const filled = text.replace(PLACEHOLDER, (whole, content: string | undefined) => {
    if (whole === '$${') return '${';
    // A default ends at the first brace, so a nested placeholder would leave text behind.
    if (content?.includes('${')) {
      wrong ??= 'contains ${ within a default; a default is plain text';
      return '';
    }
    const [, name, fallback] = CONTENT.exec(content ?? '') ?? [];
    if (name === undefined) {
      wrong ??= 'contains ${ without NAME} or NAME:default} after it; write $${ for a literal ${';
      return '';
    }
    used.add(name);
    const value = env[name] || fallback;
    if (value === undefined) wrong ??= `needs the environment variable ${name}, which is unset`;
    return value ?? '';
  });
  return wrong === undefined ? accepted(filled) : refused(wrong);
}
