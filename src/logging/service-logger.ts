import { ConsoleLogger, type LogLevel as NestLevel } from '@nestjs/common';
import type { LogLevel } from '../config/process-options.interface.js';
import { LineBudget } from './line-budget.js';
import { enabledLevels, levelName } from './log-levels.js';

/** Options of {@link ServiceLogger}. */
export interface ServiceLoggerOptions {
  readonly level: LogLevel;
  /** One JSON object per line; otherwise readable text. */
  readonly json: boolean;
  /** Fields added to every line. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Lines per second with the same level, context and message. Default 100. */
  readonly linesPerSecond?: number;
  /** Bytes per second of the same, for JSON lines. Default 64 KiB. */
  readonly bytesPerSecond?: number;
}

type Fields = Record<string, unknown>;

/** A line as Nest builds it. Fields cannot replace these properties. */
interface NestRecord extends Fields {
  readonly level: NestLevel;
  readonly timestamp: number;
  readonly message: unknown;
  readonly pid: number;
}

/** Contexts of Nest's log lines about the assembly of modules and routes. */
const ASSEMBLY = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory']);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Splits `log({ msg, …fields })` into message and fields; anything else is the message itself. */
function split(message: unknown): { text: unknown; fields?: Fields } {
  if (!isFields(message)) return { text: message };
  const { msg, message: alternative, ...fields } = message;
  return { text: msg ?? alternative ?? '', fields };
}

/** Lines with the same key share a budget. */
function keyOf(level: NestLevel, context: string, text: unknown): string {
  const message = text instanceof Error ? text.message : String(text);
  return `${level}\n${context}\n${message.slice(0, 256)}`;
}

/**
 * Nest's own logger, in the format of the contract (§8): the fields of `log({ msg, … })` and `log(text,
 * {…})` are at the top level, `level` uses the usual names, and `time` is ISO 8601.
 *
 * nestjs-pino is not used: it keeps its root logger in module state, shared by all applications of a
 * process, and its middleware holds a child logger and an async context for the duration of a request,
 * which here is hours for thousands of streams. A line here costs tens of µs, and the number of lines is
 * limited below.
 *
 * Requests are not logged automatically: no URL, no header.
 */
export class ServiceLogger extends ConsoleLogger {
  private readonly budget: LineBudget;
  private readonly fields: Fields | undefined;
  private settling?: NodeJS.Timeout;
  /** The context of the line being built. */
  private printing = '';

  constructor(options: ServiceLoggerOptions) {
    const { level, json, fields, linesPerSecond = 100, bytesPerSecond = 64 * 1024 } = options;
    super({
      json,
      prefix: 'nuts',
      logLevels: enabledLevels(level),
      // Fields go to the top level of the line, but cannot replace `level`, `time` or `msg`.
      flattenParams: true,
    });
    this.budget = new LineBudget(linesPerSecond, bytesPerSecond);
    this.fields = fields;
  }

  /** Nest's thirty lines about its assembly do not help operators: they are logged at `debug`. */
  override log(message: unknown, ...rest: unknown[]): void {
    const assembly = ASSEMBLY.has(String(rest.at(-1)));
    if (assembly) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  protected override printMessages(
    messages: unknown[],
    context = '',
    level: NestLevel = 'log',
    stream?: 'stdout' | 'stderr',
    stack?: unknown,
    params?: Fields,
  ): void {
    // A collector that reads two pipes mixes up their order, so JSON lines use one.
    const target = this.options.json ? 'stdout' : stream;
    const [first, ...others] = messages;
    const { text, fields } = split(first);
    const key = keyOf(level, context, text);
    if (!this.admit(key)) return;
    this.printing = key;
    const own = this.fields;
    const all = fields || params || own ? { ...fields, ...params, ...own } : undefined;
    super.printMessages([text, ...others], context, level, target, stack, all);
  }

  protected override stringifyJsonLogObject(logObject: unknown): string {
    const { level, timestamp, message, pid, ...fields } = logObject as NestRecord;
    const own = {
      time: new Date(timestamp).toISOString(),
      level: levelName(level),
      msg: message,
      pid,
    };
    const line = super.stringifyJsonLogObject({ ...own, ...this.serializable(fields), ...own });
    this.budget.spend(this.printing, line.length);
    return line;
  }

  /** Converts errors among the fields, which JSON would print as `{}`. */
  private serializable(fields: Fields): Fields {
    for (const [key, value] of Object.entries(fields)) {
      if (value instanceof Error) fields[key] = this.serializeError(value);
    }
    return fields;
  }

  /** Thousands of simultaneous clients must not cause thousands of equal lines. */
  private admit(key: string): boolean {
    if (this.budget.admit(key, performance.now())) return true;
    this.settling ??= setTimeout(() => this.settle(), 1000).unref();
    return false;
  }

  private settle(): void {
    delete this.settling;
    for (const { key, lines } of this.budget.settle()) {
      const [level = 'log', context = '', message = ''] = key.split('\n');
      super.printMessages(
        [`${message} (repeated)`],
        context,
        level as NestLevel,
        'stdout',
        undefined,
        { suppressed: lines, ...this.fields },
      );
    }
  }
}
