/** Languages that the command line speaks. */
export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language that an environment asks for, by the order of POSIX: LC_ALL, LC_MESSAGES, LANG. English for others. */
export function languageOf(env: { readonly [name: string]: string | undefined }): Language {
  const named = env["CITYROOT_LANG"] || env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return named.toLowerCase().startsWith("zh") ? "zh" : "en";
}
