import { accessSync, constants, readFileSync, statSync } from 'node:fs';

/** The only effect of loading the configuration: looking at files. */
export interface ConfigurationFiles {
  /** The text of the configuration file. Throws when it cannot be read. */
  read(path: string): string;
  /** Why a file cannot be used, as the end of «the file …»; undefined when it can. */
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

/** The reason of a failed file call, without the path that Node repeats. */
export function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return typeof code === 'string' ? `cannot be read (${code})` : 'cannot be read';
}
