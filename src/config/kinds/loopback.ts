/** Whether a host is a loopback address. The host as in a URL: IPv6 in brackets. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(host);
}
