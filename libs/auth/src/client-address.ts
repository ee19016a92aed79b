import ipaddr from 'ipaddr.js';

/** Maximum length kept of a text that is not an address. */
const MAX_TEXT = 64;
/** The smallest IPv6 network that providers assign to a customer, in groups of 16 bits. */
const IPV6_NETWORK_GROUPS = 4;

/**
 * The canonical form of a client address, so that limits count each client once: without a port,
 * IPv4-mapped IPv6 addresses as IPv4, and IPv6 addresses as their /64, because a customer has at least all
 * addresses of such a network.
 *
 * @param text from a proxy or a socket: `192.0.2.1:5000`, `[2001:db8::1]:5000`, `::ffff:192.0.2.1`
 */
export function canonicalAddress(text: string): string {
  const host = hostOf(text.trim());
  if (ipaddr.IPv4.isValidFourPartDecimal(host)) return ipaddr.IPv4.parse(host).toString();
  if (!ipaddr.IPv6.isValid(host)) return text.slice(0, MAX_TEXT);
  const address = ipaddr.IPv6.parse(host);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().toString();
  const network = address.parts.slice(0, IPV6_NETWORK_GROUPS).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** Without brackets, port and zone. */
function hostOf(text: string): string {
  const [, bracketed, dotted] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text) ?? [];
  return (bracketed ?? dotted ?? text).replace(/%.*/, '');
}
