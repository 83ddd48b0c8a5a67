/** Those that somebody means: by a whole name, otherwise by the last part of one, otherwise by words that stand in one. */
export function findNamed<Row>(
  rows: readonly Row[],
  namesOf: (row: Row) => readonly string[],
  asked: string,
): readonly Row[] {
  const words = asked.toLowerCase().split(/\s+/);
  const ways = [
    (name: string) => name === asked,
    (name: string) => name.split(/[. ]/).at(-1) === asked,
    (name: string) => words.every((word) => name.toLowerCase().includes(word)),
  ];
  return ways.map((isMeant) => rows.filter((row) => namesOf(row).some(isMeant))).find(({ length }) => length > 0) ?? [];
}
