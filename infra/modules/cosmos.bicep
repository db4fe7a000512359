metadata description = 'Cosmos DB for the documents: one database, a container for each kind. Tokens of Entra ID only.'

@description('Name of the resource.')
@minLength(3)
param name string

@description('Region; with autoscale the one that is written to.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the database.')
param database string

@description('serverless: billed by request unit, one region. autoscale: throughput of the database between a tenth and all of maxThroughput.')
@allowed(['serverless', 'autoscale'])
param mode string

@description('Most request units a second of the database under autoscale.')
@minValue(1000)
param maxThroughput int

@description('Further regions, read from; with autoscale only.')
param readRegions string[]

@description('Whether replicas of the first region stand in several zones.')
param zoneRedundant bool

@description('Seconds after its last change that a job is forgotten.')
param jobSeconds int

@description('Whether the account is reached through a private endpoint only.')
param private bool

/*
  Partition keys. Every container's is /partition, and the value is what the program passes to IDocumentStore, which is 'all' today: what is asked of
  each container is a point read (id and partition: 1 RU for 1 KB) or a sorted, filtered page over all of its documents. A page from one logical partition
  is one index seek on one server, with ORDER BY and a continuation token; a key that spreads documents (the model's name, the id) would make each
  of those pages a fan-out to all partitions, and no query here would become cheaper. What that costs is the limit of one logical partition, 20 GB and
  10,000 RU/s: at 1 to 4 KB a document that is five million and more of a kind, and the busiest container, idempotency, takes about 20 RU for each request
  that starts work. The path can't be changed later but the value can, so a kind that outgrows one partition gets a value of its own (an evaluation's
  model, an idempotency key's first byte) without a new container.

  Indexes. A document is { id, partition, ttl?, value }: the facts stand under /value. Only what is filtered or sorted by is indexed; every other path
  would add to the charge of each write and never be asked for. The partition key is in each WHERE, so it is indexed too (only /id is without saying so).
  A composite index (property, id) for each property that is sorted by: ORDER BY of two properties is not served without, and the id makes
  an order of documents whose property is equal, so that a page can begin after the last document of the one before. It serves both directions.

  Time to live. jobs: forgotten some time after their last change. idempotency, uploads: the program itself forgets them after 24 hours, and must do it
  first where bytes have to be deleted with them; the time here is longer, and takes only what a program that never came back has left.
*/
var day = 86400
type kind = {
  @description('Name of the container.')
  name: string

  @description('Properties that are filtered by and not sorted by, as paths below /value.')
  filtered: string[]

  @description('Properties that are sorted by, as paths below /value.')
  sorted: string[]

  @description('Seconds after its last change that a document is forgotten; never without.')
  seconds: int?
}

var kinds kind[] = [
  {
    name: 'models'
    // Lists of active models by task and accuracy, all versions between two names, versions of one name by age.
    filtered: ['active', 'card/task']
    sorted: ['card/name', 'quality/accuracy', 'registeredAt', 'sizeBytes', 'parameters']
  }
  { name: 'datasets', filtered: [], sorted: ['registeredAt', 'name', 'sizeBytes'] }
  // All outcomes of one model version, from which its quality is derived.
  { name: 'evaluations', filtered: ['model'], sorted: [] }
  { name: 'optimizations', filtered: [], sorted: [] }
  // The newest first; those that an evaluation is a side of.
  { name: 'comparisons', filtered: ['a', 'b'], sorted: ['createdAt'] }
  { name: 'keys', filtered: [], sorted: [] }
  { name: 'uploads', filtered: [], sorted: ['createdAt'], seconds: 7 * day }
  { name: 'idempotency', filtered: ['expiresAt'], sorted: [], seconds: 2 * day }
  // Found by id only; must outlive the dataset in the drop container, so they never expire.
  { name: 'deleted', filtered: [], sorted: [] }
  // Which job waits for which other one, beside the engine's own state.
  { name: 'jobs', filtered: ['parent', 'child'], sorted: [], seconds: jobSeconds }
]
var serverless = mode == 'serverless'

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    capabilities: serverless ? [{ name: 'EnableServerless' }] : []
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    // By mode alone: the account takes a change of its regions, or of this, but not of both at once.
    enableAutomaticFailover: !serverless
    enableMultipleWriteLocations: false
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    backupPolicy: {
      type: 'Continuous'
      continuousModeProperties: { tier: 'Continuous7Days' }
    }
    locations: concat(
      [{ locationName: location, failoverPriority: 0, isZoneRedundant: zoneRedundant }],
      // A serverless account has one region.
      serverless
        ? []
        : map(
            readRegions,
            (region, index) => { locationName: region, failoverPriority: index + 1, isZoneRedundant: false }
          )
    )
  }

  resource documents 'sqlDatabases' = {
    name: database
    properties: {
      resource: { id: database }
      // The containers share it: most of them idle while one is asked.
      options: serverless ? {} : { autoscaleSettings: { maxThroughput: maxThroughput } }
    }

    resource container 'containers' = [
      for kind in kinds: {
        name: kind.name
        properties: {
          resource: {
            id: kind.name
            partitionKey: { kind: 'Hash', version: 2, paths: ['/partition'] }
            defaultTtl: kind.?seconds ?? -1
            indexingPolicy: {
              indexingMode: 'consistent'
              automatic: true
              includedPaths: concat(
                [{ path: '/partition/?' }],
                map(concat(kind.filtered, kind.sorted), property => { path: '/value/${property}/?' })
              )
              excludedPaths: [{ path: '/*' }]
              compositeIndexes: map(
                kind.sorted,
                property => [
                  { path: '/value/${property}', order: 'ascending' }
                  { path: '/id', order: 'ascending' }
                ]
              )
            }
          }
        }
      }
    ]
  }
}

@description('Resource id of the account.')
output id string = account.id

@description('Where it is.')
output endpoint string = account.properties.documentEndpoint
