/** The built page is missing. The application does not start. */
export class ConsoleAssetsError extends Error {
  override readonly name = 'ConsoleAssetsError';

  constructor(
    /** The folder that was searched. */
    readonly folder: string,
    options?: ErrorOptions,
  ) {
    super(`the console's page is not in ${folder}: build it with \`npm run build\``, options);
  }
}
