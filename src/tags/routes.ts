import { z } from 'zod'
import { patching, replacing } from '../editing.ts'
import type { App } from '../http/app.ts'
import { actorOf, freshness } from '../http/auth.ts'
import { transactOnce } from '../http/idempotency.ts'
import { answerList } from '../http/paging.ts'
import { leaveFormerName } from '../http/redirect.ts'
import type { Store } from '../storage/store.ts'
import {
  Tag,
  TagCreate,
  TagDeleteQuery,
  TagList,
  TagMerge,
  TagPatch,
  TagQuery,
  TagReplace,
  tagReadOnly,
} from './schema.ts'
import { createTag, getTag, getTags, mergeTag, removeTag, reviseTag } from './tags.ts'

const TagParams = z.strictObject({ tag: z.string().min(1).max(200).meta({ description: 'Id or slug.' }) })
const tags = ['tags']

export async function tagRoutes(app: App, { store, secret }: { store: Store; secret: Buffer }): Promise<void> {
  app.get(
    '/tags',
    {
      schema: {
        operationId: 'listTags',
        summary: 'List tags',
        description: 'By name, in the order of code points, unless `sort` says otherwise.',
        tags,
        querystring: TagQuery,
        response: { 200: TagList },
      },
      config: { allow: 'anyone', shared: true, problems: ['invalid_cursor', 'too_busy', 'query_too_slow'] },
    },
    (request, reply) =>
      answerList(request, reply, secret, (window) =>
        store.read((db) => getTags(db, request.query, window), {
          ...freshness(request),
          beside: (request.query.count ?? request.query.kind) !== undefined,
        }),
      ),
  )

  app.post(
    '/tags',
    {
      schema: {
        operationId: 'createTag',
        summary: 'Create a tag',
        description: 'The slug is derived from the name, unless it is given.',
        tags,
        body: TagCreate,
        response: { 201: Tag },
      },
      config: { allow: 'taxonomy:write', once: true, problems: ['slug_taken'] },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) => createTag(db, request.body, actorOf(request)), {
        status: 201,
        headers: ({ id }) => ({ location: `/v1/tags/${id}` }),
      }),
  )

  app.get(
    '/tags/:tag',
    {
      schema: {
        operationId: 'getTag',
        summary: 'Read a tag',
        description:
          'A former slug, and the id or slug of a tag that was merged, redirect to the tag that is there now.',
        tags,
        params: TagParams,
        response: { 200: Tag },
      },
      config: { allow: 'anyone', shared: true, problems: ['moved', 'tag_not_found'] },
    },
    async (request) => {
      const tag = await store.read((db) => getTag(db, request.params.tag), freshness(request))
      leaveFormerName(request, request.params.tag, [tag.id, tag.slug])
      return tag
    },
  )

  app.put(
    '/tags/:tag',
    {
      schema: {
        operationId: 'replaceTag',
        summary: 'Replace a tag',
        description: 'An absent slug stays. A former slug redirects to the present one.',
        tags,
        params: TagParams,
        body: TagReplace,
        response: { 200: Tag },
      },
      config: { allow: 'taxonomy:write', edit: true, problems: ['tag_not_found', 'slug_taken', 'rule_broken'] },
    },
    (request) =>
      store.transact((db) => reviseTag(db, request.params.tag, request.edit, replacing(request.body, ['slug']))),
  )

  app.patch(
    '/tags/:tag',
    {
      schema: {
        operationId: 'updateTag',
        summary: 'Change a tag',
        description: 'A former slug redirects to the present one.',
        tags,
        params: TagParams,
        body: TagPatch,
        response: { 200: Tag },
      },
      config: { allow: 'taxonomy:write', edit: true, problems: ['tag_not_found', 'slug_taken', 'rule_broken'] },
    },
    (request) =>
      store.transact((db) =>
        reviseTag(db, request.params.tag, request.edit, patching(TagReplace, request.body, tagReadOnly)),
      ),
  )

  app.delete(
    '/tags/:tag',
    {
      schema: {
        operationId: 'deleteTag',
        summary: 'Delete a tag',
        description: 'One that articles carry is kept, unless `moveTo` or `detach` says what becomes of them.',
        tags,
        params: TagParams,
        querystring: TagDeleteQuery,
        response: { 204: z.undefined() },
      },
      config: { allow: 'taxonomy:write', edit: true, problems: ['tag_not_found', 'tag_in_use', 'rule_broken'] },
    },
    async (request, reply) => {
      await store.transact((db) => removeTag(db, request.params.tag, request.edit, request.query))
      return reply.code(204).send()
    },
  )

  app.post(
    '/tags/:tag/merge',
    {
      schema: {
        operationId: 'mergeTag',
        summary: 'Merge a tag into another',
        description: 'All its articles get the other tag, and its id and slugs lead there. Answers the tag that stays.',
        tags,
        params: TagParams,
        body: TagMerge,
        response: { 200: Tag },
      },
      config: { allow: 'taxonomy:write', edit: true, once: true, problems: ['tag_not_found', 'rule_broken'] },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) => mergeTag(db, request.params.tag, request.edit, request.body.into)),
  )
}
