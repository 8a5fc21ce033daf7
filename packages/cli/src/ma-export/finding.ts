/**
 * Something of an export that does not become a code, and that whoever imports should know. None of them stops an
 * import.
 */
export type Finding = {
  readonly finding: FindingName;
  /** File, as it was named; empty where it is about the whole export. */
  readonly file: string;
  /** Line of a list, or member of an answer; empty where it is about the whole file. */
  readonly place: string;
  readonly got: string;
};

export type FindingName =
  /** A packed file: it has to be unpacked first. */
  | "archive"
  /** A folder within the folder. */
  | "folder"
  /** Neither an answer nor a list by its name. */
  | "other"
  /** An answer that says where a list is, and not what is in it. */
  | "address"
  /** An answer that says how many codes were uploaded, and not which. */
  | "uploads"
  /** The registry refused the call. */
  | "refusedCall"
  /** An answer of a published call that has nothing for an import. */
  | "otherCall"
  /** An answer that is none of the published ones. */
  | "unknown"
  /** No answer says whether the unit is in force. */
  | "noUnit"
  /** The unit's answer does not say whether it is in force. */
  | "noStatus"
  /** An answer does not say in a published way whether a category was registered or filed. */
  | "noWay"
  /** The address to which a scan leads cannot stand in a record. */
  | "noLink"
  /** A medical code is doubtful. */
  | "doubtful";

/** Findings: all are counted, the first ones kept. */
export type Findings = {
  readonly add: (finding: Finding) => void;
  readonly kept: () => readonly Finding[];
  readonly count: () => number;
};

/** Most findings that are kept. */
const KEPT_MAX = 1_000;

/** A list that is empty. */
export function findingList(): Findings {
  const kept: Finding[] = [];
  let count = 0;
  return {
    add: (finding) => {
      count += 1;
      if (kept.length < KEPT_MAX) kept.push(finding);
    },
    kept: () => kept,
    count: () => count,
  };
}
