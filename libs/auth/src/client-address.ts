import ipaddr from 'ipaddr.js';

/** Text that is no address and yet stands where one should: of it so much is kept. */
const MAX_TEXT = 64;
/** What an IPv6 provider gives to one customer at the least, in groups of 16 bits. */
const IPV6_NETWORK_GROUPS = 4;

/**
 * One spelling for each client address, so that caps and rates count a client once: without the port that
 * some proxies add, an IPv4 address in IPv6 notation as IPv4, and of an IPv6 address its /64, since one
 * customer has at least all addresses of such a network.
 *
 * @param text as a proxy or a socket gives it: `192.0.2.1:5000`, `[2001:db8::1]:5000`, `::ffff:192.0.2.1`
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
  return (bracketed ?? dotted ?? text).replace(/%.*$/, '');
}
