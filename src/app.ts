import cors from '@fastify/cors'
import Fastify, { type FastifyBaseLogger } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import { articleBatchRoutes } from './articles/batch/routes.ts'
import { scheduleRoutes } from './articles/calendar/routes.ts'
import { exportRoutes } from './articles/export/routes.ts'
import { articleLifeRoutes } from './articles/life/routes.ts'
import { articleListRoutes } from './articles/lists/routes.ts'
import { articleLockRoutes } from './articles/locks/routes.ts'
import { revisionRoutes } from './articles/revisions/routes.ts'
import { articleRoutes } from './articles/routes.ts'
import { articleSlugRoutes } from './articles/slugs/routes.ts'
import { Cache } from './cache/cache.ts'
import { cacheFamilies } from './cache/figures.ts'
import { keysTouchedBy } from './changes/changes.ts'
import { changeRoutes } from './changes/routes.ts'
import type { Config } from './config.ts'
import type { App } from './http/app.ts'
import { authenticate } from './http/auth.ts'
import { acceptJson } from './http/body.ts'
import { useConditions } from './http/conditional.ts'
import { keepContract } from './http/contract.ts'
import { useDelivery } from './http/delivery.ts'
import { docs } from './http/docs.ts'
import type { Finished } from './http/finished.ts'
import { Front } from './http/front.ts'
import { useHeaders } from './http/headers.ts'
import { healthRoutes } from './http/health.ts'
import { useIdempotency } from './http/idempotency.ts'
import { useMetrics } from './http/metrics.ts'
import { type Gather, metricsRoutes } from './http/metrics-routes.ts'
import { describe, documentRoutes } from './http/openapi.ts'
import { answerBadUrl, tellOutcomes } from './http/outcomes.ts'
import { closePaths, usePaths } from './http/paths.ts'
import { problemRoutes } from './http/problem-routes.ts'
import { answerProblems } from './http/problems.ts'
import { rootRoutes } from './http/root.ts'
import { corsOptions, serverOptions } from './http/server.ts'
import { noJsonSchema, useZod } from './http/zod.ts'
import { importRoutes } from './import/routes.ts'
import { authenticate as findKey } from './keys/keys.ts'
import { keyRoutes } from './keys/routes.ts'
import type { Clock } from './lib/clock.ts'
import { requestLog } from './log.ts'
import type { Renderer } from './markdown/renderer.ts'
import { sectionRoutes } from './sections/routes.ts'
import { sourceRoutes } from './sources/routes.ts'
import type { Store } from './storage/store.ts'
import { suggestRoutes } from './suggest/routes.ts'
import { tagRoutes } from './tags/routes.ts'

export interface Parts {
  config: Config
  store: Store
  renderer: Renderer
  log: Logger
  clock: Clock
  /** signs cursors; the same in every process on one database */
  secret: Buffer
  /** the figures of all processes behind the same port, this one's too, where there are several */
  gather?: Gather | undefined
}

/** The service as one tree, in the order in which a request meets it. Whoever made the parts closes them. */
export async function buildApp({ config, store, renderer, log, clock, secret, gather }: Parts): Promise<App> {
  const app = Fastify({
    ...serverOptions(config),
    schemaController: noJsonSchema,
    loggerInstance: log as FastifyBaseLogger,
    frameworkErrors: answerBadUrl,
  }).withTypeProvider<ZodTypeProvider>()
  app.decorate('stopping', false)

  // What is true of every request.
  useZod(app)
  useMetrics(app)
  tellOutcomes(app, requestLog(log))
  await app.register(cors, corsOptions(config))
  useHeaders(app)
  answerProblems(app)
  usePaths(app)
  authenticate(app, (key) => findKey(store, key))
  acceptJson(app)
  useIdempotency(app)
  useConditions(app)
  const { cacheBytes, maxAge, corsOrigins, trustProxy } = config
  const cache = cacheBytes === 0 ? undefined : await keptAnswers(app, store, cacheBytes)
  const perOrigin = corsOrigins !== '*'
  const front = cache && new Front(app, { cache, store, clock, maxAge, perOrigin, trustProxy })
  useDelivery(app, { store, clock, cache, maxAge, front })
  await describe(app)
  keepContract(app)

  // The newsroom.
  const { database, lang, revisionWindowMs, busyTimeoutMs } = config
  const options = { store, renderer, secret, database, lang, revisionWindowMs, busyTimeoutMs, prefix: '/v1' }
  await app.register(articleListRoutes, options)
  await app.register(exportRoutes, options)
  await app.register(importRoutes, options)
  await app.register(articleRoutes, options)
  await app.register(articleLifeRoutes, options)
  await app.register(articleSlugRoutes, options)
  await app.register(articleBatchRoutes, options)
  await app.register(revisionRoutes, options)
  await app.register(scheduleRoutes, options)
  await app.register(articleLockRoutes, options)
  await app.register(sectionRoutes, options)
  await app.register(tagRoutes, options)
  await app.register(sourceRoutes, options)
  await app.register(suggestRoutes, options)
  await app.register(keyRoutes, options)
  await app.register(changeRoutes, options)

  // About itself.
  await app.register(healthRoutes, { store })
  await app.register(metricsRoutes, { store, gather })
  await app.register(problemRoutes)
  await app.register(rootRoutes)
  await app.register(documentRoutes)
  await app.register(docs)
  closePaths(app)
  return app
}

/** What is kept of finished answers: each for as long as no change touches what it was made of. */
async function keptAnswers(app: App, store: Store, mostBytes: number): Promise<Cache<Finished>> {
  const cache = new Cache<Finished>(mostBytes)
  const stop = await store.follow((news) => {
    const touched = news === 'unknown' ? [undefined] : news.map(keysTouchedBy)
    for (const keys of touched) {
      if (keys === undefined) cache.clear()
      else if (keys.size > 0) cache.drop(keys)
    }
  })
  app.addHook('onClose', async () => stop())
  app.metrics.include(() => cacheFamilies(cache))
  return cache
}
