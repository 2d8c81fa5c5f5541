/** They ask thousands of times for what others ask for once, and counting their lines takes as long again as they do. */
const many =
  /^test\/(articles\/(model|lists-model|noninterference|search\/(hostile|model|texts))|cache\/equal|markdown\/limits)\.test\.ts$/

/** Of which files tap counts the lines that a test reaches: null is none, and an empty list all. */
export default (test: string): string[] | null => (many.test(test) ? null : [])

/** The environment of a process that does again what others have done: to count which lines it runs takes a third of its time. */
export const uncounted = { _TAPJS_PROCESSINFO_COVERAGE_: '0' } as const
