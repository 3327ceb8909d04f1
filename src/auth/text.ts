/** One line of true characters: what a database and a page can hold, whatever was sent. */
export const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, '').toWellFormed();
