import { z } from 'zod'
import { may } from '../access.ts'
import { patching, replacing } from '../editing.ts'
import type { App } from '../http/app.ts'
import { actorOf, freshness } from '../http/auth.ts'
import { transactOnce } from '../http/idempotency.ts'
import { answerList } from '../http/paging.ts'
import { leaveFormerName } from '../http/redirect.ts'
import type { Store } from '../storage/store.ts'
import {
  Source,
  SourceCreate,
  SourceDeleteQuery,
  SourceList,
  SourcePatch,
  SourceQuery,
  SourceReplace,
  sourceReadOnly,
} from './schema.ts'
import { createSource, getSource, getSources, removeSource, reviseSource } from './sources.ts'

const SourceParams = z.strictObject({ source: z.string().min(1).max(200).meta({ description: 'Id or slug.' }) })
const tags = ['sources']

export async function sourceRoutes(app: App, { store, secret }: { store: Store; secret: Buffer }): Promise<void> {
  app.get(
    '/sources',
    {
      schema: {
        operationId: 'listSources',
        summary: 'List sources',
        description:
          'By name, in the order of code points. Confidential ones are shown to writers, editors and admins alone.',
        tags,
        querystring: SourceQuery,
        response: { 200: SourceList },
      },
      config: { allow: 'anyone', shared: true, problems: ['invalid_cursor', 'too_busy', 'query_too_slow'] },
    },
    (request, reply) =>
      answerList(request, reply, secret, (window) =>
        store.read((db) => getSources(db, request.query, window, may(request.actor, 'drafts:read')), {
          ...freshness(request),
          beside: (request.query.count ?? request.query.kind) !== undefined,
        }),
      ),
  )

  app.post(
    '/sources',
    {
      schema: {
        operationId: 'createSource',
        summary: 'Create a source',
        description: 'With `visibility` `editors` it is confidential.',
        tags,
        body: SourceCreate,
        response: { 201: Source },
      },
      config: { allow: 'taxonomy:write', once: true, problems: ['slug_taken'] },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) => createSource(db, request.body, actorOf(request)), {
        status: 201,
        headers: ({ id }) => ({ location: `/v1/sources/${id}` }),
      }),
  )

  app.get(
    '/sources/:source',
    {
      schema: {
        operationId: 'getSource',
        summary: 'Read a source',
        description: 'A former slug redirects to the source that has it now.',
        tags,
        params: SourceParams,
        response: { 200: Source },
      },
      config: { allow: 'anyone', shared: true, problems: ['moved', 'source_not_found'] },
    },
    async (request) => {
      const source = await store.read(
        (db) => getSource(db, request.params.source, may(request.actor, 'drafts:read')),
        freshness(request),
      )
      leaveFormerName(request, request.params.source, [source.id, source.slug])
      return source
    },
  )

  app.put(
    '/sources/:source',
    {
      schema: {
        operationId: 'replaceSource',
        summary: 'Replace a source',
        description: 'An absent slug stays. A former slug redirects to the present one.',
        tags,
        params: SourceParams,
        body: SourceReplace,
        response: { 200: Source },
      },
      config: { allow: 'taxonomy:write', edit: true, problems: ['source_not_found', 'slug_taken', 'rule_broken'] },
    },
    (request) =>
      store.transact((db) => reviseSource(db, request.params.source, request.edit, replacing(request.body, ['slug']))),
  )

  app.patch(
    '/sources/:source',
    {
      schema: {
        operationId: 'updateSource',
        summary: 'Change a source',
        description: 'A former slug redirects to the present one.',
        tags,
        params: SourceParams,
        body: SourcePatch,
        response: { 200: Source },
      },
      config: { allow: 'taxonomy:write', edit: true, problems: ['source_not_found', 'slug_taken', 'rule_broken'] },
    },
    (request) =>
      store.transact((db) =>
        reviseSource(db, request.params.source, request.edit, patching(SourceReplace, request.body, sourceReadOnly)),
      ),
  )

  app.delete(
    '/sources/:source',
    {
      schema: {
        operationId: 'deleteSource',
        summary: 'Delete a source',
        description: 'One that articles rest on is kept, unless `moveTo` or `detach` says what becomes of them.',
        tags,
        params: SourceParams,
        querystring: SourceDeleteQuery,
        response: { 204: z.undefined() },
      },
      config: { allow: 'taxonomy:write', edit: true, problems: ['source_not_found', 'source_in_use', 'rule_broken'] },
    },
    async (request, reply) => {
      await store.transact((db) => removeSource(db, request.params.source, request.edit, request.query))
      return reply.code(204).send()
    },
  )
}
