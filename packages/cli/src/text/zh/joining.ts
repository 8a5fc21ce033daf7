import type { JOINING as EN } from "../en/joining.ts";

/** 节点加入网络的命令的文字。 */
export const JOINING: { readonly [key in keyof typeof EN]: string } = {
  "command.network.trust": "找出各节点一致认可的区块，供新节点以快照加入网络。",
  "command.network.restore": "用密钥的备份重建节点的目录，不带入不应恢复的记录。",
  "argument.backup": "备份所在的目录：密钥和配置，或节点的整个目录",
  "network.restoreAsk":
    "是否确定现在和以后都没有其他进程使用这些密钥？若有两处同时使用，该验证节点会签署两个历史，并被永久记录为不当行为。",
  "network.restored": "已在 {home} 重建网络 {network} 的节点目录。账本将从其他节点取得。",
  "network.votesFrom": "它从共识的第 {height} 个区块起投票，在其密钥可能签署过的所有区块之后。",
  "argument.trustAddresses": "网络中两个或更多节点的地址，应属于不同机构",
  "option.trustHeight": "共识中此高度的区块，而不是最新的区块",
  "trust.network": "网络",
  "trust.height": "高度",
  "trust.hash": "哈希",
  "trust.time": "时间",
  "trust.compare":
    "以上节点说法一致。使用前，请由您认识的网络运营者通过电话或当面念出该哈希进行核对：谁控制了您的线路，谁就控制了所有这些回答。",
  "trust.config": "写入新节点 config.json 的 consensus：",
  "error.trustAddresses.expected": "两个或更多不同的地址",
  "error.trust.fix": "加入之前查明哪个节点有误，或改用其他节点",
};
