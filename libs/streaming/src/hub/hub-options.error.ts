/** The declared hubs are invalid. The application does not start. */
export class HubOptionsError extends Error {
  override readonly name = 'HubOptionsError';

  constructor(readonly mistakes: readonly string[]) {
    super(`The hubs cannot be served:\n${mistakes.map((mistake) => `- ${mistake}`).join('\n')}`);
  }
}
