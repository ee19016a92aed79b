/** The declared hubs are invalid. The application does not start. */
export class HubOptionsError extends Error {
  override readonly name = 'HubOptionsError';

  constructor(readonly issues: readonly string[]) {
    super(`The hubs cannot be served:\n${issues.map((issue) => `- ${issue}`).join('\n')}`);
  }
}
