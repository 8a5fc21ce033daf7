import type { CodingSystem } from "./coding-system.ts";
import { organisationCode } from "./organisation-code.ts";
import { uscc } from "./uscc.ts";

/** Systems that Chinese standards lay down. */
export const CHINESE_SYSTEMS: readonly CodingSystem[] = [uscc, organisationCode];
