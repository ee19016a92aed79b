/** Explains a refusal and what to do, in addition to the server's own message. */
export function refusalHint(status: number, hasToken: boolean): string {
  switch (status) {
    case 400:
      return 'The request is invalid. Check the topics, the start and the event ID.';
    case 401:
      return hasToken
        ? 'The token is malformed, expired, or not signed with a key that this hub trusts.'
        : 'This hub requires a token. Paste one under Access.';
    case 403:
      return 'The token does not allow this. Check its claims under Access.';
    case 404:
      return 'There is nothing at this URL.';
    case 409:
    case 412:
      return 'The condition is not met. Another client has published in the meantime.';
    case 413:
      return 'The body is larger than the hub allows.';
    case 429:
      return 'Too many connections, or too many requests in a short time. The page will try again.';
    case 503:
      return 'NATS, the stream or the service is currently unavailable.';
    case 504:
      return 'The request timed out.';
    case 507:
      return 'The stream is full.';
    default:
      return '';
  }
}
