import fc from 'fast-check'

/**
 * Whoever imports this has fast-check draw the same in every run: what is refused is then refused for what has changed,
 * and not for what chance had not met before. WARTA_TEST_SEED has it draw something else, to look for that.
 */
fc.configureGlobal({ seed: Number(process.env.WARTA_TEST_SEED ?? 1) })
