/**
 * What a holder's keys may do. Spec §4.2. `root` changes the holder's keys, contests a recovery and transfers;
 * `registrar` delegates and sets rules; `records` issues and maintains records. A key may serve several roles; a
 * role never includes another, but that the registrar's keys may issue too.
 */
export const ROLES = ["root", "registrar", "records"] as const;
export type Role = (typeof ROLES)[number];
