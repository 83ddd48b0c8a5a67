/** The same for two texts that differ in their numbers alone. */
export function withoutNumbers(text: string): string {
  return text.replace(/\d[\d,.]*/g, '0');
}
