/** What the commands say that decide over a network. */
export const GOVERN = {
  "command.network": "Networks: make, start and watch their nodes, and decide who decides.",
  "command.network.set-validators": "Show the validators of the network, or give it others.",
  "command.network.set-parameters":
    "Show the parameters of the network, or change them and the version of the protocol.",
  "argument.validatorsFile":
    'all validators from now on: a file of JSON, [{"name", "publicKey", "power"}, ...], or a genesis',
  "option.addValidator":
    "add a validator, or change one of that name: name:key or name:key:power; the key as 64 hexadecimal digits or in base64",
  "option.removeValidator": "remove the validator of this name",
  "option.untried": "let them decide though two thirds of the power or less voted for the newest block",
  "option.untriedProtocol": "set a version that this program does not know itself",
  "option.blockBytes": "most bytes of a block, 2097152 to 33554432",
  "option.blockTransactions": "most transactions of a block, 500 to 20000",
  "option.protocol": "the next version of the protocol",
  "option.fromHeight": "the first height on which that version decides",
  "option.keepProtocol": "call off a version that was to come",
  "validators.name": "validator",
  "validators.key": "public key",
  "validators.power": "power",
  "validators.alone": "The registry names no validators: one node decides alone.",
  "validators.governor": "decided over by",
  "validators.did": "recorded of",
  "validators.what": "what",
  "validators.when": "recorded",
  "validators.gone": "{address} (no validator by then)",
  "validators.duplicateVote": "voted twice at height {height} of the consensus",
  "validators.lightClientAttack": "signed another history at height {height} of the consensus",
  "validators.other": "broke the rules at height {height} of the consensus",
  "parameters.blockBytes": "bytes of a block",
  "parameters.blockTransactions": "transactions of a block",
  "parameters.protocol": "version of the protocol",
  "parameters.next": "next version",
  "parameters.nextIs": "{version}, from height {fromHeight} on",
  "parameters.none": "none",
  "confirm.itsHolder": "its holder",
  "carried.unasked":
    "the registry cannot be reached: compare yourself that {network} is the network that is meant, and that height {height} is near",
  "carried.otherNetwork": "the transaction is for the network {network}",
  "carried.later": "the transaction could be submitted up to height {height}",
  "carried.later.expected": "at most {height}",
  "carried.fix": "have it made anew, and sign no other",
  "confirm.setValidators":
    "Let these and no others decide from now on? Where more than a third of the power is not there, nothing is decided any more. {validators}",
  "confirm.setParameters": "Change this for all nodes? {text}",
  "confirm.setProtocol":
    "Change this for all nodes? A node whose program does not know version {version} stops at height {fromHeight}. {text}",
  "done.setValidators": "{count} validators since block {height}.",
  "done.setParameters": "Parameters changed in block {height}.",
  "error.validator.expected":
    "name:key or name:key:power, the name in lower case, the key as 64 hexadecimal digits or 44 characters of base64",
  "error.votes":
    "of {total} votes only {present} were given for block {height} of the consensus, and not those of {names}: with fewer than two thirds nothing is decided any more, and nothing mended",
  "error.votes.expected": "at least {least} of {total} from validators that vote",
  "error.votes.fix":
    "start the nodes that are away, give newcomers less power until they vote, or say --untried",
  "error.protocolUnknown":
    "this program knows versions of the protocol up to {known}: where no program knows version {version}, every node stops at height {fromHeight}",
  "error.protocolUnknown.expected": "at most {known}",
  "error.protocolUnknown.fix":
    "give the command with the program that the nodes have by then, or say --untried",
  "error.validatorUnknown": "No validator has the name {name}",
  "error.validatorUnknown.expected": "one of {names}",
  "error.validatorsFile.expected": "a list of validators, or an object that has one",
  "error.fromHeight.expected": "--from-height together with --protocol",
  "error.keepProtocol.expected": "either --keep-protocol or --protocol",
} as const;
