import { Readable } from 'node:stream'
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Problem } from '../errors.ts'
import { type Fault, faultsOf, type Place } from '../lib/faults.ts'

const never = (): never => {
  throw new Error('Schemas are zod, and useZod comes before the routes.')
}

/** Given to Fastify so that it does not load the compilers of JSON Schema that it comes with: an eighth of all files that a start reads. */
export const noJsonSchema = { compilersFactory: { buildValidator: never, buildSerializer: never } }

/** Wires zod once: what is checked, what is answered, and how the text of a query becomes numbers and lists. */
export function useZod(app: FastifyInstance): void {
  const compile: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
    const place = httpPart as Place
    const read = place === 'querystring' ? readerOf(schema) : (input: unknown) => input
    return (input: unknown) => {
      // A body of lines is looked at line by line as it arrives.
      if (place === 'body' && input instanceof Readable) return { value: input }
      const repeated = place === 'querystring' ? repeatedIn(input) : []
      // Fastify says null where there is no body.
      const result = schema.safeParse(read(input ?? undefined))
      if (result.success && repeated.length === 0) return { value: result.data }
      const faults = result.success ? [] : faultsOf(result.error.issues, place)
      const others = faults.filter((fault) => !repeated.some(({ parameter }) => parameter === fault.parameter))
      return { error: new Problem('invalid_request', { errors: [...repeated, ...others] }) }
    }
  }
  app.setValidatorCompiler(compile)
  app.setSerializerCompiler(serializerCompiler)
}

/** A parameter that is given twice arrives as an array of both. */
function repeatedIn(query: unknown): Fault[] {
  return Object.entries(query as Record<string, unknown>)
    .filter(([, value]) => Array.isArray(value))
    .map(([parameter]) => ({
      parameter,
      code: 'repeated',
      message: 'must be given once; where several values are allowed, commas part them',
    }))
}

type Reader = (value: unknown) => unknown

const number: Reader = (value) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value)
const boolean: Reader = (value) => (value === 'true' ? true : value === 'false' ? false : value)
const list: Reader = (value) => (typeof value === 'string' ? value.split(',') : value)

/**
 * A query is text; its schema says what the text means. Strict on purpose: 1e2, 0x10, "" and yes are none of ours, and
 * whatever a reader does not understand stays as it is, for the schema to refuse.
 */
function readerOf(schema: z.ZodType): Reader {
  const readers = new Map<string, Reader>()
  for (const [name, member] of Object.entries(schema instanceof z.ZodObject ? schema.shape : {})) {
    const bare = unwrap(member)
    if (bare instanceof z.ZodNumber) readers.set(name, number)
    else if (bare instanceof z.ZodBoolean) readers.set(name, boolean)
    else if (bare instanceof z.ZodArray) readers.set(name, list)
  }
  return (query) => {
    const entries = Object.entries(query as Record<string, unknown>)
    return Object.fromEntries(entries.map(([name, value]) => [name, (readers.get(name) ?? same)(value)]))
  }
}

const same: Reader = (value) => value

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const wraps = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
  return wraps ? unwrap(schema.unwrap()) : schema
}
