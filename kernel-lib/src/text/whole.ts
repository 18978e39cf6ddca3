/** A text whose halves of characters, which neither files, URLs nor databases take, have become U+FFFD. */
export const whole = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");
