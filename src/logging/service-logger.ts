import { ConsoleLogger, type LogLevel as NestLevel } from '@nestjs/common';
import type { LogLevel } from '../config/process-options.interface.js';
import { LineBudget } from './line-budget.js';
import { enabledLevels, levelName } from './log-levels.js';

/** How the service logs. */
export interface ServiceLoggerOptions {
  readonly level: LogLevel;
  /** One JSON object a line; else text for people. */
  readonly json: boolean;
  /** What every line carries. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Lines of one level, context and message that are printed in a second. Default 100. */
  readonly linesPerSecond?: number;
  /** Bytes of the same, for JSON lines. Default 64 KiB. */
  readonly bytesPerSecond?: number;
}

type Fields = Record<string, unknown>;

/** A line as Nest builds it. Fields never take the place of these. */
interface NestRecord extends Fields {
  readonly level: NestLevel;
  readonly timestamp: number;
  readonly message: unknown;
  readonly pid: number;
}

/** Contexts of Nest's own lines about how it puts modules and routes together. */
const ASSEMBLY = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory']);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** `log({ msg, …fields })` as message and fields; anything else is the message itself. */
function split(message: unknown): { text: unknown; fields?: Fields } {
  if (!isFields(message)) return { text: message };
  const { msg, message: alternative, ...fields } = message;
  return { text: msg ?? alternative ?? '', fields };
}

/** Lines of one key share a budget. */
function keyOf(level: NestLevel, context: string, text: unknown): string {
  const message = text instanceof Error ? text.message : String(text);
  return `${level}\n${context}\n${message.slice(0, 256)}`;
}

/**
 * Nest's own logger, in the contract's shape (§8): fields of `log({ msg, … })` and `log(text, {…})`
 * stand at the top of the line, `level` has the names that log stores know, and `time` is ISO.
 *
 * Why not pino: nestjs-pino keeps its root logger in module state, one for all applications of a
 * process, and its middleware holds a child logger and an async context for as long as a request
 * lives, which here is hours for each of many thousands. A line here costs tens of µs; what could
 * make lines many is bound below.
 *
 * Nothing of a request is logged by itself: no URL, no header.
 */
export class ServiceLogger extends ConsoleLogger {
  private readonly budget: LineBudget;
  private readonly fields: Fields | undefined;
  private settling?: NodeJS.Timeout;
  /** Whose line is being put together. */
  private printing = '';

  constructor(options: ServiceLoggerOptions) {
    const { level, json, fields, linesPerSecond = 100, bytesPerSecond = 64 * 1024 } = options;
    super({
      json,
      prefix: 'nuts',
      logLevels: enabledLevels(level),
      // Fields win a place at the top of the line, but never that of `level`, `time` or `msg`.
      flattenParams: true,
    });
    this.budget = new LineBudget(linesPerSecond, bytesPerSecond);
    this.fields = fields;
  }

  /** How Nest assembles the application tells an operator nothing: thirty lines, at `debug`. */
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
    // A collector that reads two pipes mixes their order up: JSON goes out on one.
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

  /** Errors among the fields, which JSON would print as `{}`. */
  private serializable(fields: Fields): Fields {
    for (const [key, value] of Object.entries(fields)) {
      if (value instanceof Error) fields[key] = this.serializeError(value);
    }
    return fields;
  }

  /** Thousands of clients that come and go at once must not become thousands of equal lines. */
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
