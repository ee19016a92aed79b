import { isIPv4 } from 'node:net';

/** The two ends of a connection as `/proc/net/tcp{,6}` writes them: `local-port remote-address:port`. */
export type SocketKey = string;

/**
 * Bytes that a kernel holds for each connection because the peer has not acknowledged them: the
 * `tx_queue` column of `/proc/net/tcp` and `/proc/net/tcp6`.
 *
 * @param localPorts connections of other ports are passed over
 */
export function readSendQueues(
  table: string,
  localPorts: ReadonlySet<number>,
  into: Map<SocketKey, number>,
): void {
  let start = table.indexOf('\n') + 1;
  while (start > 0 && start < table.length) {
    let end = table.indexOf('\n', start);
    if (end < 0) end = table.length;
    const [, local, remote, , queues] = table.slice(start, end).trim().split(/ +/, 5);
    start = end + 1;
    if (local === undefined || remote === undefined || queues === undefined) continue;
    const localPort = Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16);
    if (!localPorts.has(localPort)) continue;
    into.set(`${String(localPort)} ${remote}`, Number.parseInt(queues, 16));
  }
}

/** The key of a connection, from what Node knows of its socket. */
export function socketKey(
  localPort: number,
  remoteAddress: string,
  remotePort: number,
): SocketKey | undefined {
  const address = procAddress(remoteAddress);
  if (address === undefined) return undefined;
  return `${String(localPort)} ${address}:${hex(remotePort, 4)}`;
}

/** An address as the kernel prints it: 32-bit words of network order, in the byte order of the host. */
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
