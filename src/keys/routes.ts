import { z } from 'zod'
import type { App } from '../http/app.ts'
import { actorOf } from '../http/auth.ts'
import { transactOnce } from '../http/idempotency.ts'
import { answerList } from '../http/paging.ts'
import type { Store } from '../storage/store.ts'
import { createKey, getKey, getKeys, revokeKey, rotateKey } from './keys.ts'
import { Key, KeyCreate, KeyList, KeyParams, KeyQuery, KeyRotate, KeyWithSecret } from './schema.ts'

const tags = ['keys']
const params = KeyParams

export async function keyRoutes(app: App, { store, secret }: { store: Store; secret: Buffer }): Promise<void> {
  app.get(
    '/keys',
    {
      schema: {
        operationId: 'listKeys',
        summary: 'List API keys',
        description: 'Without their secrets, revoked ones too.',
        tags,
        querystring: KeyQuery,
        response: { 200: KeyList },
      },
      config: { allow: 'keys:manage', problems: ['invalid_cursor'] },
    },
    (request, reply) => answerList(request, reply, secret, (window) => store.read((db) => getKeys(db, window))),
  )

  app.post(
    '/keys',
    {
      schema: {
        operationId: 'createKey',
        summary: 'Create an API key',
        description: 'The secret is in this answer and nowhere else ever after.',
        tags,
        body: KeyCreate,
        response: { 201: KeyWithSecret },
      },
      config: { allow: 'keys:manage', once: true, problems: ['rule_broken'] },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) => createKey(db, request.body, actorOf(request)), {
        status: 201,
        headers: ({ id }) => ({ location: `/v1/keys/${id}` }),
      }),
  )

  app.get(
    '/keys/:id',
    {
      schema: {
        operationId: 'getKey',
        summary: 'Read an API key',
        description: 'Without its secret.',
        tags,
        params,
        response: { 200: Key },
      },
      config: { allow: 'keys:manage', problems: ['key_not_found'] },
    },
    (request) => store.read((db) => getKey(db, request.params.id)),
  )

  app.post(
    '/keys/:id/rotate',
    {
      schema: {
        operationId: 'rotateKey',
        summary: 'Give an API key a new secret',
        description: 'The secret before it ends at once, or works on for `overlapSeconds`.',
        tags,
        params,
        body: KeyRotate,
        response: { 200: KeyWithSecret },
      },
      config: { allow: 'keys:manage', once: true, problems: ['key_not_found'] },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) =>
        rotateKey(db, request.params.id, request.body.overlapSeconds, actorOf(request)),
      ),
  )

  app.delete(
    '/keys/:id',
    {
      schema: {
        operationId: 'revokeKey',
        summary: 'Revoke an API key',
        description: 'It ends at once, everywhere. Needs no If-Match: a leaked key must never be kept by a race.',
        tags,
        params,
        response: { 204: z.undefined() },
      },
      config: { allow: 'keys:manage', problems: ['key_not_found', 'last_admin_key'] },
    },
    async (request, reply) => {
      await store.transact((db) => revokeKey(db, request.params.id, actorOf(request)))
      return reply.code(204).send()
    },
  )
}
