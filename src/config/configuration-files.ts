import { accessSync, constants, readFileSync, statSync } from 'node:fs';

/** File access while the configuration is loaded; its only side effect. */
export interface ConfigurationFiles {
  /** The text of the configuration file. Throws if it cannot be read. */
  read(path: string): string;
  /** Why a file cannot be used, to complete «the file …»; undefined if it can. */
  problem(path: string): string | undefined;
}

/** Files of this machine. */
export const machineFiles: ConfigurationFiles = {
  read: (path) => readFileSync(path, 'utf8'),
  problem(path) {
    try {
      if (statSync(path).isDirectory()) return 'is a directory';
      accessSync(path, constants.R_OK);
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  },
};

/** The reason of a failed file operation, without the path that Node repeats. */
export function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return typeof code === 'string' ? `cannot be read (${code})` : 'cannot be read';
}
