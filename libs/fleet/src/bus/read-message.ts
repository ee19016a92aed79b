/**
 * Anyone with permission to publish below the fleet's subject can send messages. They are validated, and
 * cannot cause unbounded growth.
 */

/** Maximum size of a message between processes; NATS itself accepts 1 MiB by default. */
const MAX_MESSAGE_LENGTH = 1024 * 1024;
const PROCESS = /^[A-Za-z0-9_-]{1,32}$/;

/** The fields of a JSON object; undefined for anything else, or for more than `longest` bytes. */
export function readObject(
  data: Uint8Array,
  longest = MAX_MESSAGE_LENGTH,
): Readonly<Record<string, unknown>> | undefined {
  if (data.length > longest) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(data).toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A process ID, as used in subjects. */
export function isProcess(value: unknown): value is string {
  return typeof value === 'string' && PROCESS.test(value);
}

/** An integer from `least` to `most`. */
export function isCount(value: unknown, most: number, least = 0): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** A non-empty text of at most `longest` UTF-16 units. */
export function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest;
}
