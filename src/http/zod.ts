import type { FastifyInstance, FastifySchemaCompiler } from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Problem } from '../errors.ts'
import { faultsOf, type Place } from '../lib/faults.ts'

/** Wires zod once: what is checked, what is answered, and how the text of a query becomes numbers and lists. */
export function useZod(app: FastifyInstance): void {
  const compile: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
    const place = httpPart as Place
    const read = place === 'querystring' ? readerOf(schema) : (input: unknown) => input
    return (input: unknown) => {
      const result = schema.safeParse(read(input))
      if (result.success) return { value: result.data }
      return { error: new Problem('invalid_request', { errors: faultsOf(result.error.issues, place) }) }
    }
  }
  app.setValidatorCompiler(compile)
  app.setSerializerCompiler(serializerCompiler)
}

type Reader = (value: unknown) => unknown

const number: Reader = (value) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value)
const boolean: Reader = (value) => (value === 'true' ? true : value === 'false' ? false : value)
/** A list that is given twice stays as it came, an array within an array, which no list accepts. */
const list: Reader = (value) => (typeof value === 'string' ? value.split(',') : [value])

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
