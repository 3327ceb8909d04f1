/** What moves a cursor, begins a line, turns the direction of writing or shows nothing: controls (C0, C1), formats, lone surrogates, separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** One line of text that somebody else may have written, as a terminal may be given it: what would not be seen is spelled out, as `\u{1b}`. */
export const printable = (text: string): string => text.replace(UNSEEN, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);

/** JSON of the same meaning, in two spaces, that holds none of them either, but the line feeds between its members. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(UNSEEN, (sign) =>
    sign === '\n' ? sign : sign.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
