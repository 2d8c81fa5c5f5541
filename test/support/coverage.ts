/** They ask thousands of times for what others ask for once, and counting their lines takes as long again as they do. */
const many =
  /^test\/(articles\/(model|lists-model|noninterference|search\/(hostile|model|texts))|cache\/equal)\.test\.ts$/

/** Of which files tap counts the lines that a test reaches: null is none, and an empty list all. */
export default (test: string): string[] | null => (many.test(test) ? null : [])
