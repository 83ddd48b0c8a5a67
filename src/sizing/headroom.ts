/** Room above a computed need: figures are averages of a second at best, and peaks are not even. */
export const HEADROOM = 1.5;

/** A need with headroom; a whole number. */
export function withHeadroom(count: number): number {
  return Math.ceil(count * HEADROOM);
}
