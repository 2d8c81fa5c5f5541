/** One line of the table: what was promised, what was measured, and on what. */
export interface Line {
  what: string
  /** in the database that it was measured on */
  articles?: number
  /** what was promised, and whether it is the least or the most; undefined where nothing was */
  promised?: { figure: number; sense: 'at least' | 'at most' }
  /** a ratio is `×` */
  unit: '×' | 'ms' | 'MiB' | 'packages'
  measured: number
  ours?: Reading
  other?: Reading & { name: string }
  /** what a reader should know beside it */
  note?: string
}

export interface Reading {
  value: number
  unit: '/s' | 'ms' | 's'
  /** ms, under this load */
  p50?: number
  p99?: number
  /** microseconds of a core for each answer */
  cpu?: number
}

export function isKept({ promised, measured }: Line): boolean | undefined {
  if (promised === undefined) return undefined
  return promised.sense === 'at least' ? measured >= promised.figure : measured <= promised.figure
}

export const atLeast = (figure: number) => ({ figure, sense: 'at least' as const })
export const atMost = (figure: number) => ({ figure, sense: 'at most' as const })
