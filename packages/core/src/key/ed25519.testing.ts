/** A signature at the edge of what Ed25519 libraries agree on, and whether this registry accepts it. */
export type Ed25519EdgeCase = {
  readonly name: string;
  /** Hexadecimal. */
  readonly publicKey: string;
  /** Text; the signed message is its UTF-8. */
  readonly message: string;
  /** Hexadecimal. */
  readonly signature: string;
  readonly accepted: boolean;
};

/**
 * Made from the eight points of small order, their other encodings, and an honest key and commitment with and
 * without such a point added; the verdicts are those of libsodium 1.0.21. Every verification that takes the place
 * of the one in `ed25519.ts` must give the same.
 */
export const ED25519_EDGE_CASES: readonly Ed25519EdgeCase[] = [
  {
    name: "an honest signature",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56e0adc0f40a395b491511332bf24423a28d89e4342c4a89fafc2d5d48e29eab0a",
    accepted: true,
  },
  {
    name: "S raised by 1 group orders",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56cd81b651259c6da1ebad2aced03e02b78d89e4342c4a89fafc2d5d48e29eab1a",
    accepted: false,
  },
  {
    name: "S raised by 2 group orders",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56ba55acae3fff7ff9c14a2271af38e1cb8d89e4342c4a89fafc2d5d48e29eab2a",
    accepted: false,
  },
  {
    name: "S raised by 8 group orders",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56484d6fdcdd51ee09c8f7ef42e7131b498e89e4342c4a89fafc2d5d48e29eab8a",
    accepted: false,
  },
  {
    name: "S raised by 15 group orders",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56c318286796076f72a441b5b7fde833db8e89e4342c4a89fafc2d5d48e29eabfa",
    accepted: false,
  },
  {
    name: "small-order key 0100..00",
    publicKey: "0100000000000000000000000000000000000000000000000000000000000000",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key c717..7a",
    publicKey: "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    message: "case 11",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key 0000..80",
    publicKey: "0000000000000000000000000000000000000000000000000000000000000080",
    message: "case 9",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key 26e8..05",
    publicKey: "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    message: "case 2",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key ecff..7f",
    publicKey: "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key 26e8..85",
    publicKey: "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key 0000..00",
    publicKey: "0000000000000000000000000000000000000000000000000000000000000000",
    message: "case 1",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key c717..fa",
    publicKey: "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    message: "case 2",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key edff..7f",
    publicKey: "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key edff..ff",
    publicKey: "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key 0100..80",
    publicKey: "0100000000000000000000000000000000000000000000000000000000000080",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key eeff..7f",
    publicKey: "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key eeff..ff",
    publicKey: "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order key ecff..ff",
    publicKey: "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    message: "case 1",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb563ed3f4d0fadb42cb77d42a7ea57def2bad464bd1ae0c896dd077c04358415c04",
    accepted: false,
  },
  {
    name: "small-order commitment 0100..00",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "0100000000000000000000000000000000000000000000000000000000000000818ab2c676ac78598b0c3cd591474da9c124d851420d5d194e774864b9856c06",
    accepted: false,
  },
  {
    name: "small-order commitment c717..7a",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a0ff95cf1b52023900241b4351897d8a64b51a8b7e38296ec0551ad4489513d08",
    accepted: false,
  },
  {
    name: "small-order commitment 0000..80",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "00000000000000000000000000000000000000000000000000000000000000804050bff544c46d0bcf4d7cb25eb97eca619a92318ebe96c03dc2f4d5e993ba09",
    accepted: false,
  },
  {
    name: "small-order commitment 26e8..05",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc0537e4e086b459a451d62bee463c6c66bdc822f5ed73674d0ea9847f77190a9d0b",
    accepted: false,
  },
  {
    name: "small-order commitment ecff..7f",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7fd4687e678f54b3de1f7b0566f69582d9fbc61506feada9fc9570aca80e887001",
    accepted: false,
  },
  {
    name: "small-order commitment 26e8..85",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc8552437bac89b6fd49492524f09304d132028c921e6e5b5c373928de026a22ea09",
    accepted: false,
  },
  {
    name: "small-order commitment 0000..00",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "000000000000000000000000000000000000000000000000000000000000000035b0c9cc2bdb66cc5c835e9ac8ab57188acfd709e5c4cf7a5f088c407620b702",
    accepted: false,
  },
  {
    name: "small-order commitment c717..fa",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03faa9ecc5a8b71293710e7a1af9791276159907d717245b8b33178ae93a5bcbed0e",
    accepted: false,
  },
  {
    name: "small-order commitment edff..7f",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7fc734831e033064b6a2c101c2d1f5e5e1ac07edcd05260e61f0fedcec94c4bd06",
    accepted: false,
  },
  {
    name: "small-order commitment edff..ff",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff787c5fb5d6eb3f7d3bcd75c895f5698185bf48e2b4686138aa2027a1d5b3cb08",
    accepted: false,
  },
  {
    name: "small-order commitment 0100..80",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "0100000000000000000000000000000000000000000000000000000000000080e4478bdefddc212e93b933b2214c7312760301ea662e20a45a8153d063f3ec09",
    accepted: false,
  },
  {
    name: "small-order commitment eeff..7f",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f806b04248804b2f7bd3a5289dc597ef3882df934fd2146c6cdfd83824be90f0a",
    accepted: false,
  },
  {
    name: "small-order commitment eeff..ff",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff74c8d01df3d4e25677724c479c8604cd91189426853d43f9244ecebc5ba4e10a",
    accepted: false,
  },
  {
    name: "small-order commitment ecff..ff",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff1e72ab0c8deb59c7466c50b574a32f90572acf8d045a449b031a2934ddd44108",
    accepted: false,
  },
  {
    name: "small-order key and commitment, S = 0 (1)",
    publicKey: "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    message: "case 0",
    signature:
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a0000000000000000000000000000000000000000000000000000000000000000",
    accepted: false,
  },
  {
    name: "key with a torsion part (1) that cancels",
    publicKey: "a00d1ab7f3fbc5f8a6a6197bcc37dfa6cb008e8c86fba5303a4d0391d43aa32b",
    message: "case 6",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56e4276146a2bcc96ffa4addefef8c25ac7bcd76f37bc49483625a523c32daaf0d",
    accepted: true,
  },
  {
    name: "key with a torsion part (1) that is left over",
    publicKey: "a00d1ab7f3fbc5f8a6a6197bcc37dfa6cb008e8c86fba5303a4d0391d43aa32b",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb5666ef64018821cad204b89790752e8d2c5c9cb66a927d1cddfaaf258d1ada970b",
    accepted: false,
  },
  {
    name: "key (1) and commitment with torsion parts left over",
    publicKey: "a00d1ab7f3fbc5f8a6a6197bcc37dfa6cb008e8c86fba5303a4d0391d43aa32b",
    message: "case 0",
    signature:
      "2a2a466e0e19a690ed7d47e7b1f65c6f6da81a94ae239f0d54e7bc3a8c35a6626f4fd8a6b826b10c0f9bc297f931fe49c308bb7d4f364887a48cfb5b18473a08",
    accepted: false,
  },
  {
    name: "key (1) and commitment with torsion parts that cancel",
    publicKey: "a00d1ab7f3fbc5f8a6a6197bcc37dfa6cb008e8c86fba5303a4d0391d43aa32b",
    message: "case 19",
    signature:
      "2a2a466e0e19a690ed7d47e7b1f65c6f6da81a94ae239f0d54e7bc3a8c35a66234a824028dfd3cfc26ccd299c76620a4960eadb56034cc1cc4a40b0d03871207",
    accepted: true,
  },
  {
    name: "commitment with a torsion part (1)",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "2a2a466e0e19a690ed7d47e7b1f65c6f6da81a94ae239f0d54e7bc3a8c35a6629eec7e741bbb82ce821a881ab52b4c088a69e40ae0af7e84511c3154b1da900a",
    accepted: false,
  },
  {
    name: "key with a torsion part (2) that cancels",
    publicKey: "72e5b70b1fe54a756d45c25f96f6d1a9831efd50d804ebbf31ccb42b426faf4c",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb5687115404f6b56cdc49608a84bf3ff1a04a148acacdc34e8d5e2147d71603000b",
    accepted: true,
  },
  {
    name: "key with a torsion part (2) that is left over",
    publicKey: "72e5b70b1fe54a756d45c25f96f6d1a9831efd50d804ebbf31ccb42b426faf4c",
    message: "case 1",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb5612979ad529ef2cda2b28a16cae45c492f4a7f5ec2e51e54c82d3aff99677590e",
    accepted: false,
  },
  {
    name: "key (2) and commitment with torsion parts left over",
    publicKey: "72e5b70b1fe54a756d45c25f96f6d1a9831efd50d804ebbf31ccb42b426faf4c",
    message: "case 0",
    signature:
      "2a2a466e0e19a690ed7d47e7b1f65c6f6da81a94ae239f0d54e7bc3a8c35a662ef02ce61f3fb4ee01770355ab0f868f07ab594cb9d3cde29f3a2b6f293d3290c",
    accepted: false,
  },
  {
    name: "commitment with a torsion part (2)",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "207d8c6c0fa2a9f879129763202ef1b51233eb22973a725d144375ef92e0eeefe476ce1a56483d96402553bfc35f0e003640dbfbcb1aa4a9f30e62ebbbe37708",
    accepted: false,
  },
  {
    name: "key with a torsion part (4) that cancels",
    publicKey: "2eaedb961806489940a38a1b817b025c1377842db28646e9a3e61fe57701a08d",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56f2fe85511422eafed267e0113e24ad6506be12ba49535308983b509f2d2ea40b",
    accepted: true,
  },
  {
    name: "key with a torsion part (4) that is left over",
    publicKey: "2eaedb961806489940a38a1b817b025c1377842db28646e9a3e61fe57701a08d",
    message: "case 1",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56f1b10e21c5049563401fd858ac85cbdfdbdc9f7f00fd0bb5a567d6fa9e666d06",
    accepted: false,
  },
  {
    name: "key (4) and commitment with torsion parts left over",
    publicKey: "2eaedb961806489940a38a1b817b025c1377842db28646e9a3e61fe57701a08d",
    message: "case 0",
    signature:
      "2a2a466e0e19a690ed7d47e7b1f65c6f6da81a94ae239f0d54e7bc3a8c35a662ebdfcbed118afaca13895a271253a5ca0db5d5ea64f7697fe8a37cf5eace1a0a",
    accepted: false,
  },
  {
    name: "commitment with a torsion part (4)",
    publicKey: "bf512469e7f9b766bf5c75e47e84fda3ec887bd24d79b9165c19e01a88fe5f72",
    message: "case 0",
    signature:
      "445b49e4ad24e9bdaceb81f3a42df7ad2854b89c16692fee8014334385e544a9420620d5f82f9ed84c7d8710f5318cab2ec88aaade82ffa0a0a367c8fcee7b0e",
    accepted: false,
  },
  {
    name: "key 0200..00 that is no canonical point",
    publicKey: "0200000000000000000000000000000000000000000000000000000000000000",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56e0adc0f40a395b491511332bf24423a28d89e4342c4a89fafc2d5d48e29eab0a",
    accepted: false,
  },
  {
    name: "key efff..7f that is no canonical point",
    publicKey: "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56e0adc0f40a395b491511332bf24423a28d89e4342c4a89fafc2d5d48e29eab0a",
    accepted: false,
  },
  {
    name: "key f0ff..7f that is no canonical point",
    publicKey: "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56e0adc0f40a395b491511332bf24423a28d89e4342c4a89fafc2d5d48e29eab0a",
    accepted: false,
  },
  {
    name: "key ffff..7f that is no canonical point",
    publicKey: "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    message: "case 0",
    signature:
      "a9a4b61b52db164253147e0c5bd20852d7ab4763e996d0117febccbc7a1abb56e0adc0f40a395b491511332bf24423a28d89e4342c4a89fafc2d5d48e29eab0a",
    accepted: false,
  },
];
