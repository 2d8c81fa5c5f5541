import { z } from 'zod'
import { patching, replacing } from '../editing.ts'
import type { App } from '../http/app.ts'
import { actorOf, freshness } from '../http/auth.ts'
import { transactOnce } from '../http/idempotency.ts'
import { answerList } from '../http/paging.ts'
import { leaveFormerName } from '../http/redirect.ts'
import type { Store } from '../storage/store.ts'
import {
  Section,
  SectionCreate,
  SectionDeleteQuery,
  SectionList,
  SectionPatch,
  SectionQuery,
  SectionReplace,
  SectionTree,
  sectionReadOnly,
} from './schema.ts'
import { createSection, getSection, getSections, getSectionTree, removeSection, reviseSection } from './sections.ts'

const SectionParams = z.strictObject({
  section: z.string().min(1).max(900).meta({ description: 'Id, slug, or path with %2F for its slashes.' }),
})
const tags = ['sections']

export async function sectionRoutes(app: App, { store, secret }: { store: Store; secret: Buffer }): Promise<void> {
  app.get(
    '/sections',
    {
      schema: {
        operationId: 'listSections',
        summary: 'List sections, or their tree',
        description: 'In the order of their paths; with `tree=true` all of them, nested.',
        tags,
        querystring: SectionQuery,
        response: { 200: z.union([SectionList, SectionTree]) },
      },
      config: { allow: 'anyone', shared: true, problems: ['invalid_cursor', 'section_not_found'] },
    },
    async (request, reply) => {
      if (request.query.tree) {
        // The whole of it is its own first page.
        reply.header('link', '</v1/sections?tree=true>; rel="first"')
        return { data: await store.read(getSectionTree, freshness(request)) }
      }
      return answerList(request, reply, secret, (window) =>
        store.read((db) => getSections(db, request.query, window), freshness(request)),
      )
    },
  )

  app.post(
    '/sections',
    {
      schema: {
        operationId: 'createSection',
        summary: 'Create a section',
        description: 'Below `parent`, or at the top. Its path follows from its slug and that of those above.',
        tags,
        body: SectionCreate,
        response: { 201: Section },
      },
      config: { allow: 'taxonomy:write', once: true, problems: ['slug_taken', 'rule_broken'] },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) => createSection(db, request.body, actorOf(request)), {
        status: 201,
        headers: ({ id }) => ({ location: `/v1/sections/${id}` }),
      }),
  )

  app.get(
    '/sections/:section',
    {
      schema: {
        operationId: 'getSection',
        summary: 'Read a section',
        description: 'A former slug or path redirects to the section that is there now.',
        tags,
        params: SectionParams,
        response: { 200: Section },
      },
      config: { allow: 'anyone', shared: true, problems: ['moved', 'section_not_found'] },
    },
    async (request) => {
      const section = await store.read((db) => getSection(db, request.params.section), freshness(request))
      leaveFormerName(request, request.params.section, [section.id, section.path, section.slug])
      return section
    },
  )

  app.put(
    '/sections/:section',
    {
      schema: {
        operationId: 'replaceSection',
        summary: 'Replace a section',
        description: 'Another parent or slug moves all sections below it; old paths redirect.',
        tags,
        params: SectionParams,
        body: SectionReplace,
        response: { 200: Section },
      },
      config: { allow: 'taxonomy:write', edit: true, problems: ['section_not_found', 'slug_taken', 'rule_broken'] },
    },
    (request) =>
      store.transact((db) =>
        reviseSection(db, request.params.section, request.edit, replacing(request.body, ['slug'])),
      ),
  )

  app.patch(
    '/sections/:section',
    {
      schema: {
        operationId: 'updateSection',
        summary: 'Change a section',
        description: 'Another parent or slug moves all sections below it; old paths redirect.',
        tags,
        params: SectionParams,
        body: SectionPatch,
        response: { 200: Section },
      },
      config: { allow: 'taxonomy:write', edit: true, problems: ['section_not_found', 'slug_taken', 'rule_broken'] },
    },
    (request) =>
      store.transact((db) =>
        reviseSection(
          db,
          request.params.section,
          request.edit,
          patching(SectionReplace, request.body, sectionReadOnly),
        ),
      ),
  )

  app.delete(
    '/sections/:section',
    {
      schema: {
        operationId: 'deleteSection',
        summary: 'Delete a section',
        description: 'One that has articles or sections below it is kept, unless `moveTo` says where they go.',
        tags,
        params: SectionParams,
        querystring: SectionDeleteQuery,
        response: { 204: z.undefined() },
      },
      config: { allow: 'taxonomy:write', edit: true, problems: ['section_not_found', 'section_in_use', 'rule_broken'] },
    },
    async (request, reply) => {
      await store.transact((db) => removeSection(db, request.params.section, request.edit, request.query.moveTo))
      return reply.code(204).send()
    },
  )
}
