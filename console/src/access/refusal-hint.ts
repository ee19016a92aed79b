/** Explains a refusal and what to do, in addition to the server's own message. */
export function refusalHint(status: number, hasToken: boolean): string {
  switch (status) {
    case 400:
      return 'The server does not take this request: check the topics, the start and the cursor.';
    case 401:
      return hasToken
        ? 'The token is malformed, expired, or not signed with a key that this hub trusts.'
        : 'This hub asks for a token: paste one under Access.';
    case 403:
      return 'The token does not cover what was asked for: compare it with the claims under Access.';
    case 404:
      return 'Nothing is served at this address.';
    case 409:
    case 412:
      return 'The condition does not hold: somebody else was faster.';
    case 413:
      return 'The body is larger than the hub takes.';
    case 429:
      return 'There are too many connections, or requests in too short a time. The page tries again.';
    case 503:
      return 'NATS, the stream or the service cannot be reached at the moment.';
    case 504:
      return 'There was no answer in time.';
    case 507:
      return 'The stream is full.';
    default:
      return '';
  }
}
