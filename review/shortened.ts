/** Texts that are too long, cut so that a reader sees that they are. */

/** Cut in the middle: both ends of a path tell most. @param most characters, the sign for what is left out included */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - end)}…${text.slice(text.length - end)}`.replace(/\p{Cs}/gu, "");
}

/** Cut at the end: of a value, where it begins tells most. @param most characters before the sign for what is left out */
export const beginning = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);
