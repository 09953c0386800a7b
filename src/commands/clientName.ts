/**
 * The words a client may call itself by: CLIENT SETNAME, CLIENT SETINFO, HELLO SETNAME.
 */

/** Printable ASCII without spaces, so that CLIENT LIST stays one line a client and one field a word. */
export const isClientWord = (text: string): boolean => /^[!-~]*$/.test(text)
