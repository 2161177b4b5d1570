// Reads an agency's inbox and accepts what it is offered. A start to build on: put your own work where it prints.
import { createHash } from 'node:crypto'
import { Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import { agency, connection } from './bus.js'

const consumer = new Consumer({
  ...connection,
  groupId: process.env.GROUP ?? `${agency}.records`,
  deserializers: stringDeserializers
})
const producer = new Producer({ ...connection, serializers: stringSerializers, acks: -1, idempotent: true })

// An id made from the offer's: sent twice, it counts once.
function idFrom (offer, kind) {
  const hex = createHash('sha256').update(`${offer.id} ${kind}`).digest('hex')
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

// Writes to the outbox; the promise is kept when the bus has it.
async function answer (offer, kind, data) {
  const event = {
    specversion: '1.0',
    id: idFrom(offer, kind),
    source: `/agencies/${agency}`,
    type: `org.rhtrt.agency.${kind}.v1`,
    subject: offer.subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data
  }
  await producer.send({
    messages: [{ topic: `agencies.${agency}.outbox`, key: event.subject, value: JSON.stringify(event) }]
  })
}

// What your system does with an event. It may come twice: what you do with it must bear that.
async function handle (event) {
  const kind = event.type.replace(/^org\.rhtrt\./, '').replace(/\.v1$/, '')
  if (kind === 'assignment.offered') {
    console.log('offered', event.subject, event.data.urgency, 'answer by', event.data.answer_by)
    await answer(event, 'accepted', {})
    console.log('accepted', event.subject)
  } else if (kind === 'agency_event.rejected') {
    console.log('rejected', event.data.event, event.data.reason)
  } else { // updated, revoked, expired, and what later versions add
    console.log(kind, event.subject)
  }
}

const records = await consumer.consume({
  topics: [`agencies.${agency}.inbox`],
  mode: 'committed',
  fallbackMode: 'earliest',
  autocommit: false
})
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => records.close())
for await (const record of records) {
  await handle(JSON.parse(record.value))
  await record.commit() // only now: what was not handled to its end comes again
}
await consumer.close(true) // leaves the group at once, so that the next start need not wait for a time-out
await producer.close()
