/** What the commands say by which a node joins a network. */
export const JOINING = {
  "command.network.trust":
    "Find a block that nodes of a network agree on, with which a new node can join by a snapshot.",
  "command.network.restore":
    "Make the home of a node anew from a copy of its keys, without what it must not remember.",
  "argument.backup": "folder with the copy: the keys and the configuration, or all of a node's home",
  "network.restoreAsk":
    "Is it certain that no other process runs with these keys, and none will? With two the validator would sign two histories, which is recorded as misbehaviour for ever.",
  "network.restored":
    "Made the home of a node of {network} anew in {home}. It takes the ledger from the others.",
  "network.votesFrom":
    "It votes from block {height} of the consensus on, which is past all that its keys can have signed.",
  "argument.trustAddresses": "where two or more nodes of the network answer, of different organisations",
  "option.trustHeight": "the block of this height of the consensus, in place of the newest",
  "trust.network": "network",
  "trust.height": "height",
  "trust.hash": "hash",
  "trust.time": "time",
  "trust.compare":
    "All these nodes say so. Have the hash read out by an operator of the network whom you know, over the telephone or in person, before you use it: whoever controls your line controls all of these answers.",
  "trust.config": "For consensus in config.json of the new node:",
  "error.trustAddresses.expected": "two different addresses or more",
  "error.trust.fix": "find out which node is wrong before you join, or name others",
} as const;
