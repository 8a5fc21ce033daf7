import type { IDENTIFY as EN } from "../en/identify.ts";

/** 识别其他编码体系的值时所用的文字。 */
export const IDENTIFY: { readonly [key in keyof typeof EN]: string } = {
  "command.code.identify": "说明一段文字符合哪些编码体系、各部分是什么意思、校验码是否正确。",
  "argument.value": "扫描、输入或复制来的文字",
  "identify.none": "{value} 不符合这里已知的任何编码体系。",
  "identify.several": "符合 {count} 种编码体系；仅凭这段文字无法确定是哪一种。",
  "identify.canonical": "规范值",
  "identify.check": "校验",
  "identify.check.right": "正确",
  "identify.check.none": "该体系没有校验码",
  "identify.mended": "已规整",
  "identify.mended.full-width": "全角字符",
  "identify.mended.space": "空格",
  "identify.mended.separator": "分隔符",
  "identify.mended.case": "字母大小写",
  "identify.standard": "标准",
  "identify.nearly": "接近：{title}",
  "identify.why": "不符之处",
  "identify.why.form": "写法不同：{expected}",
  "identify.why.value": "{field}：应为 {expected}，实为 {got}",
  "identify.why.check": "校验码应为 {expected}，实为 {got}",
  "identify.meant": "可能是",
  "identify.person": "这看起来是个人的号码，不是物的编码，不再继续识别",
  "identify.person.expected": "物的编码",
  "identify.person.got": "疑似个人号码",
  "identify.person.fix": "请勿登记、发送或保存这类号码",
};
