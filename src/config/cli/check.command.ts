import { machineFiles, type ConfigurationFiles } from '../configuration-files.js';
import { ConfigurationError } from '../configuration.error.js';
import { loadConfiguration } from '../configuration.loader.js';
import type { Environment } from '../sources/raw-configuration.interface.js';
import { configurationReport } from './configuration.report.js';

/** The output and result of the command. */
export interface CheckResult {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

/**
 * `npm run config:check [-- file.yaml]` prints the effective configuration, or all errors. Without a file,
 * it checks the environment. It connects to nothing.
 */
export function checkConfiguration(
  file: string | undefined,
  env: Environment,
  files: ConfigurationFiles = machineFiles,
): CheckResult {
  try {
    const options = loadConfiguration(file ? { ...env, NUTS_CONFIG: file } : env, files);
    return { text: configurationReport(options), exitCode: 0 };
  } catch (error) {
    if (error instanceof ConfigurationError) return { text: error.message, exitCode: 1 };
    throw error;
  }
}
