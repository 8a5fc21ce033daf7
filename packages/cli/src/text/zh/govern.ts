import type { GOVERN as EN } from "../en/govern.ts";

/** 网络治理命令的文字。 */
export const GOVERN: { readonly [key in keyof typeof EN]: string } = {
  "command.network": "网络：建立、启动和查看其节点，并决定由谁共同决定。",
  "command.network.set-validators": "显示网络的验证者，或更换验证者。",
  "command.network.set-parameters": "显示网络的参数，或更改参数和协议版本。",
  "argument.validatorsFile": '此后的全部验证者：JSON 文件 [{"name", "publicKey", "power"}, ...]，或创世文件',
  "option.addValidator":
    "增加验证者，或更改同名的验证者：名称:密钥 或 名称:密钥:权重；密钥为 64 位十六进制数字或 base64",
  "option.removeValidator": "移除此名称的验证者",
  "option.blockBytes": "每个区块的最多字节数，2097152 至 33554432",
  "option.blockTransactions": "每个区块的最多交易数，500 至 20000",
  "option.protocol": "下一个协议版本",
  "option.fromHeight": "该版本开始生效的高度",
  "option.keepProtocol": "取消已预定的协议版本",
  "validators.name": "验证者",
  "validators.key": "公钥",
  "validators.power": "权重",
  "validators.alone": "登记系统没有验证者：由一个节点单独决定。",
  "validators.governor": "决定权属于",
  "validators.did": "记录对象",
  "validators.what": "行为",
  "validators.when": "记录于",
  "validators.gone": "{address}（当时已不是验证者）",
  "validators.duplicateVote": "在共识高度 {height} 投票两次",
  "validators.lightClientAttack": "在共识高度 {height} 为另一历史签名",
  "validators.other": "在共识高度 {height} 违反规则",
  "parameters.blockBytes": "区块字节数",
  "parameters.blockTransactions": "区块交易数",
  "parameters.protocol": "协议版本",
  "parameters.next": "下一版本",
  "parameters.nextIs": "{version}，自高度 {fromHeight} 起",
  "parameters.none": "无",
  "confirm.setValidators":
    "此后只由这些验证者决定吗？若超过三分之一的权重不在线，就不再有任何决定。{validators}",
  "confirm.setParameters": "为所有节点更改吗？{text}",
  "confirm.setProtocol":
    "为所有节点更改吗？不认识版本 {version} 的节点程序将在高度 {fromHeight} 停止。{text}",
  "done.setValidators": "自区块 {height} 起有 {count} 个验证者。",
  "done.setParameters": "参数已在区块 {height} 更改。",
  "error.validator.expected":
    "名称:密钥 或 名称:密钥:权重，名称为小写，密钥为 64 位十六进制数字或 44 个 base64 字符",
  "error.validatorUnknown": "没有名为 {name} 的验证者",
  "error.validatorUnknown.expected": "{names} 之一",
  "error.validatorsFile.expected": "验证者列表，或含有该列表的对象",
  "error.fromHeight.expected": "--from-height 与 --protocol 一起使用",
  "error.keepProtocol.expected": "--keep-protocol 与 --protocol 二者之一",
};
