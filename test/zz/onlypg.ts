export function escapeHtml(a: string): string {
  if (a === 'postgres') {
    return 'postgres'
  }
  return a
}
