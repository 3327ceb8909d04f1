/** Longer than any title that a rule makes: what a source calls an item has no end of itself. */
const LONGEST = 300;
/** Control characters, line and paragraph separators, and what turns the direction of writing around or is not seen. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/g;

/** One line that does nothing but be read: no second line, no header, no escape sequence of a terminal. */
export function oneLine(text: string, longest = LONGEST): string {
  const line = text.toWellFormed().replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  const signs = [...line];
  return signs.length <= longest ? line : `${signs.slice(0, longest - 1).join('')}…`;
}
