/** Recognises answers that are addressed to whoever asks, in place of a caption. */

/** How refusals begin in English and Chinese, the languages that the models that are used here fall into. */
const OPENINGS: readonly RegExp[] = [
  /^(i['’]?m|i am|we are|we['’]re) (very |so |terribly )?(sorry|unable|not able)\b/,
  /^(sorry|apologies|my apologies)\b[,.! ]/,
  /^i (must |have to )?apologi[sz]e\b/,
  /^(unfortunately|regrettably),? (i|we|no (image|figure|picture)|the (image|figure|picture) (is|was) not|there (is|was) no)\b/,
  /^i (can ?not|can['’]?t|could ?n['’]t|could not|won['’]?t|will not|do not|don['’]?t|am not going to) /,
  /^as an? (ai|artificial intelligence|(large |vision[- ])?language model)\b/,
  /^(no|there is no|there was no) (image|picture|figure) (is |was |has been )?(provided|attached|included|uploaded)\b/,
  /^(please|could you|can you) (provide|upload|share|attach|send)\b/,
  /^(很?抱歉|对不起|我无法|我不能|作为一个?(ai|人工智能|语言模型)|请(提供|上传))/,
];

/** Whether an answer declines to describe the picture. Looks at its first words only. */
export function isRefusal(text: string): boolean {
  const start = text
    .slice(0, 200)
    .replace(/[*_]/g, "")
    .replace(/^[\s"'“”‘’>#-]+/u, "")
    .toLowerCase();
  return OPENINGS.some((opening) => opening.test(start));
}
