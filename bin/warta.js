#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that an old one gets a sentence: TypeScript without a build step and
// better-sqlite3 13 both need Node 24, and the latter crashes on Node 20 instead of saying so.
const [major] = process.versions.node.split('.')
if (Number(major) < 24) {
  console.error(
    `Warta needs Node 24 or newer, and this is ${process.versions.node}. "npm start" and "npm run warta" bring their own after "npm ci".`,
  )
  process.exitCode = 1
} else {
  // Compiled code and stripped types are kept between starts, which takes a third of the time and memory off each.
  const { enableCompileCache } = await import('node:module')
  const { directory } = enableCompileCache()
  // The processes that it starts find it there, and keep theirs.
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory
  await import('../src/main.ts')
}
