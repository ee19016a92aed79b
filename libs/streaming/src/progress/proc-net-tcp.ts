import { isIPv4 } from 'node:net';

/** The endpoints of a connection as in `/proc/net/tcp{,6}`: `local-port remote-address:port`. */
export type SocketKey = string;

/** The kernel's send queue of one connection. */
export interface SendQueue {
  readonly key: SocketKey;
  /** Bytes that the peer has not acknowledged: the `tx_queue` column. */
  readonly bytes: number;
}

/** The lines of `/proc/net/tcp` or `/proc/net/tcp6`, one per connection. */
export function* tableLines(table: string): Iterable<string> {
  let start = table.indexOf('\n') + 1;
  while (start > 0 && start < table.length) {
    let end = table.indexOf('\n', start);
    if (end < 0) end = table.length;
    yield table.slice(start, end);
    start = end + 1;
  }
}

/**
 * Parses a line by position, because the columns before the queue have fixed widths; `split()` takes 40 ms
 * for 12 000 lines.
 *
 * @param localPorts in the form of {@link hexPort}; connections with other ports are skipped
 */
export function sendQueueOf(line: string, localPorts: ReadonlySet<string>): SendQueue | undefined {
  const localEnd = line.indexOf(' ', line.indexOf(':') + 2);
  const portAt = localEnd - 4;
  if (!localPorts.has(line.slice(portAt, localEnd))) return undefined;
  const remoteEnd = line.indexOf(' ', localEnd + 1);
  // After the state: ` 01 `.
  const queueAt = remoteEnd + 4;
  const bytes = Number.parseInt(line.slice(queueAt, line.indexOf(':', queueAt)), 16);
  return { key: line.slice(portAt, remoteEnd), bytes };
}

/** A port in the kernel's format. */
export function hexPort(port: number): string {
  return hex(port, 4);
}

/** The key of a connection, from a Node socket. */
export function socketKey(
  localPort: number,
  remoteAddress: string,
  remotePort: number,
): SocketKey | undefined {
  const address = procAddress(remoteAddress);
  if (address === undefined) return undefined;
  return `${hexPort(localPort)} ${address}:${hexPort(remotePort)}`;
}

/** An address in the kernel's format: 32-bit words of network order, in the host's byte order. */
function procAddress(address: string): string | undefined {
  if (isIPv4(address)) return words(ipv4Bytes(address));
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return words([...ZEROS, 0xff, 0xff, ...ipv4Bytes(mapped)]);
  const bytes = ipv6Bytes(address);
  return bytes === undefined ? undefined : words(bytes);
}

const ZEROS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] as const;

function ipv4Bytes(address: string): number[] {
  return address.split('.').map(Number);
}

function ipv6Bytes(address: string): number[] | undefined {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const missing = 8 - before.length - after.length;
  if (missing < 0 || (tail === undefined && missing > 0)) return undefined;
  const all = [...before, ...Array<number>(missing).fill(0), ...after];
  return all.flatMap((group) => [group >> 8, group & 0xff]);
}

function words(bytes: readonly number[]): string {
  let text = '';
  for (let word = 0; word < bytes.length; word += 4) {
    for (let byte = 3; byte >= 0; byte--) text += hex(bytes[word + byte] ?? 0, 2);
  }
  return text;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
