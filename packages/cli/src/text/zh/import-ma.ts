import type { IMPORT_MA as EN } from "../en/import-ma.ts";

/** 从 MA 标识注册平台导入代码时所用的文字。 */
export const IMPORT_MA: { readonly [key in keyof typeof EN]: string } = {
  "command.code.import-ma": "用单位从 MA 标识注册平台导出的文件，登记它已有的 MA 代码。",
  "argument.maExport": "一个文件夹，或若干文件：接口的返回结果（.json）和码号清单（.txt）",
  "option.maPrefix": "这些代码所属的、由你管理的前缀",
  "option.maClass": "代码的类别，或某个用途、品类、型号的类别：street-lamp，60.10000000=street-lamp",
  "option.maNotInForce":
    "单位不在有效状态时其代码如何处理：suspend（登记并同时停用），leave-out（不登记）；不写则为 suspend",
  "option.maWithoutNames": "不采用名称和说明",
  "option.maSingly": "即使码号连续也逐个登记，不合并为号段",
  "import.ma.archive": "是压缩包；请先解压，再给出其中的 .txt",
  "import.ma.folder": "不查看文件夹里的文件夹；请直接给出它的路径",
  "import.ma.other": "已略过：既不是返回结果（.json），也不是清单（.txt）",
  "import.ma.address": "只说明码号清单在哪里；请下载并解压，再给出其中的 .txt：{got}",
  "import.ma.uploads": "只说明上传了 {got} 个码，没有说明是哪些；请同时导出清单（接口 504 或 505）",
  "import.ma.refusedCall": "平台拒绝了这次调用：{got}",
  "import.ma.otherCall": "这个返回结果里没有可登记的内容（{got}）",
  "import.ma.unknown": "不是已公开形式的返回结果；其中有 {got}",
  "import.ma.noUnit": "没有单位信息（接口 306）：无法得知其代码是否有效；按有效处理。",
  "import.ma.noStatus": "没有说明 {got} 是否有效；其代码按有效处理",
  "import.ma.noWay": "没有以已公开的方式说明是注册还是备案：{got}",
  "import.ma.noLink": "不是记录可以保存的地址，地址须以 https:// 开头：{got}",
  "import.ma.doubtful": "已采用，但有疑问：{got}",
  "import.ma.more": "还有 {count} 条，前面的部分可用 --json 查看",
  "import.ma.categories": "品类：注册 {registered} 个，备案 {filed} 个，未说明 {unsaid} 个。",
  "import.ma.json.fix": "请重新导出该文件：尚未登记任何代码",
  "import.ma.size": "最多 {size} 字节",
  "import.ma.size.fix": "请将码号导出为文本（接口 504），或分几次给出文件",
  "import.ma.unit.fix": "请到平台查明其含义；不给出此文件时，代码按有效处理",
};
