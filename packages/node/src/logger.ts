import { type Logger, pino } from "pino";
import type { LogLevel } from "./home/config.ts";

/** Structured logs on standard error, so that standard output stays free for answers. */
export function openLogger(level: LogLevel, fields: Record<string, unknown> = {}): Logger {
  return pino({ level, base: fields }, pino.destination({ dest: 2, sync: true }));
}
