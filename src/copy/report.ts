import type { Confidence, Line, ParseReport } from './model.ts'

export function emptyReport(): ParseReport {
  return { rules: [], dropped: [], unresolved: [], warnings: [] }
}

export function noteRule(report: ParseReport, rule: string, line: Line, text: string, confidence: Confidence): void {
  report.rules.push({ rule, line: line.number, text, confidence })
}

/** Whatever leaves the copy is reported twice: as a rule that fired and as words that were removed. */
export function noteDrop(
  report: ParseReport,
  rule: string,
  line: Line,
  confidence: Confidence = 'high',
  text = line.text,
): void {
  noteRule(report, rule, line, text, confidence)
  report.dropped.push({ rule, line: line.number, text })
}

export function warn(report: ParseReport, line: Line, code: string, message: string): void {
  report.warnings.push({ line: line.number, code, message })
}

/** Rules fire family by family; a reader wants them in the order of the paste. */
export function inLineOrder(report: ParseReport): ParseReport {
  for (const list of [report.rules, report.dropped, report.unresolved, report.warnings]) {
    list.sort((a, b) => a.line - b.line)
  }
  return report
}
