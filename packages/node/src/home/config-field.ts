// What every part of a configuration is read with.

/** Thrown for a configuration that cannot be used: the message names the key, what was expected, and what came. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** A member that is an object; the name is that of the whole path, such as `config.listen`. */
export function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new ConfigError(`${name}: expected an object, got ${JSON.stringify(value)}`);
}

/** Refuses members that nobody knows: they are misspelt. */
export function refuseUnknownKeys(
  object: Record<string, unknown>,
  name: string,
  keys: readonly string[],
): void {
  for (const key of Object.keys(object)) {
    if (!keys.includes(key))
      throw new ConfigError(`${name}.${key}: expected one of ${keys.join(", ")}, got an unknown key`);
  }
}

/** A member that is a whole number from `min` to `max`. */
export function wholeNumber(value: unknown, name: string, min: number, max: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw wrong(name, `a whole number from ${min} to ${max}`, value);
}

/** The error for a member of `config`. */
export function wrong(name: string, expected: string, got: unknown): ConfigError {
  return new ConfigError(`config.${name}: expected ${expected}, got ${JSON.stringify(got)}`);
}

/** Whether a value is an address that others can be made of: http or https, with nothing after its path. */
export function isPublicUrl(value: unknown): value is string {
  if (typeof value !== "string" || !/^https?:\/\/[^/\s]/.test(value) || !URL.canParse(value)) return false;
  const { username, search, hash } = new URL(value);
  return username === "" && search === "" && hash === "" && !/[?#\s]/.test(value);
}
