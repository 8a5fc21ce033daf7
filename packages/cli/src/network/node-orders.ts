// What the process that runs the nodes of a network and those of its nodes say to one another.

/** What the process of a node is told to do. */
export type NodeOrder = { readonly home: string };

/** What it tells. */
export type NodeReport =
  | { readonly kind: "serves"; readonly address: string }
  /** It could not be started, and the process ends. */
  | { readonly kind: "failed"; readonly name: string; readonly detail: string }
  /** It takes no transactions any more, and answers questions still. */
  | { readonly kind: "stopped"; readonly reason: string };

/** What it is told to end with. */
export const STOP = "stop";
