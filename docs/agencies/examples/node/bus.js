// How to connect to the bus, from the environment: the one place to change.
import { readFileSync } from 'node:fs'

const { AGENCY, BUS_SERVERS, BUS_CA_FILE, BUS_PASSWORD_FILE } = process.env

export const agency = AGENCY
export const connection = {
  clientId: AGENCY,
  bootstrapBrokers: BUS_SERVERS.split(','),
  tls: { ca: readFileSync(BUS_CA_FILE) },
  sasl: { mechanism: 'SCRAM-SHA-512', username: AGENCY, password: readFileSync(BUS_PASSWORD_FILE, 'utf8').trim() }
}
