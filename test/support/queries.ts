/** What begins and ends a transaction asks nothing of the data. */
export function isQuery(sql: string): boolean {
  return !/^(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)/.test(sql)
}
