targetScope = 'subscription'

import { cooling, deletion } from 'modules/lifecycle.bicep'

metadata description = 'AI Assignments on Azure. Which part is what, what it costs and what its limits are: docs/azure.md.'

// What it is called and where it stands.

@description('Name of the environment, as azd has it; part of the resource group\'s name and of all hashes.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of everything, unless inferenceLocation is set.')
@minLength(1)
param location string

@description('Tags of every resource, beside azd-env-name.')
param extraTags object = {}

// Who gets in.

@description('Client id of the application registration whose tokens the gateway and the inference server take; the pre-provision hook makes it. Empty: API keys only, and no inference server.')
param apiClientId string = ''

@description('SHA-256 of an administrator\'s key, hexadecimal, where there is no application registration: with that key the others are made. Empty: none.')
param adminKeyHash string = ''

@description('Object id of who may drop datasets and models by hand; empty: nobody.')
param operatorId string = ''

@description('What that one is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorType string = 'User'

@description('Origins of pages of other sites that may call the gateway, and send blobs with a signed URL.')
param corsOrigins string[] = []

// The Functions app.

@description('Memory of an instance of the Functions app, MB. Small models are scored in it.')
@allowed([512, 2048, 4096])
param instanceMemory int = 4096

@description('Most instances of the Functions app: a ceiling of cost, and of what reaches the stores at once.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances kept ready for HTTP, so that no caller waits for a start. They cost also when idle.')
@minValue(0)
@maxValue(1000)
param alwaysReadyHttp int = 0

@description('Instances kept ready for orchestrations and activities.')
@minValue(0)
@maxValue(1000)
param alwaysReadyDurable int = 0

@description('Requests at once on one instance before another is started; 0: the platform\'s choice by memory.')
@minValue(0)
@maxValue(1000)
param httpConcurrency int = 0

@description('Most shards of one evaluation that are scored at once by the Functions app itself.')
@minValue(1)
@maxValue(1000)
param fanOutWidth int = 32

// Orchestrations.

@description('Where the orchestrations\' state is: queues and tables of a storage account, or Durable Task Scheduler.')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param workflowProvider string = 'AzureStorage'

@description('Tier of Durable Task Scheduler.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Networks that may reach Durable Task Scheduler, in CIDR notation; a token and a role are needed all the same.')
param schedulerNetworks string[] = ['0.0.0.0/0']

// Documents.

@description('serverless: billed by request unit, one region, 5,000 RU/s a partition. autoscale: a floor of a tenth of cosmosMaxThroughput, and read regions.')
@allowed(['serverless', 'autoscale'])
param cosmosMode string = 'serverless'

@description('Most request units a second of the database under autoscale.')
@minValue(1000)
param cosmosMaxThroughput int = 1000

@description('Further regions that documents are read from; with autoscale only.')
param cosmosReadRegions string[] = []

@description('Whether Cosmos DB\'s replicas of the first region stand in several zones.')
param cosmosZoneRedundant bool = false

@description('Direct (TCP, the fastest) or Gateway (HTTPS, for networks that allow nothing else).')
@allowed(['Direct', 'Gateway'])
param cosmosConnectionMode string = 'Direct'

@description('Days that a job without a result stays in lists after its end: one that failed or was cancelled, and a drop that was taken in.')
@minValue(1)
@maxValue(3650)
param jobDays int = 30

// Blobs.

@description('Redundancy of datasets, models and reports.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param dataSku string = 'Standard_LRS'

@description('Days that a dropped dataset or model stays in its drop container; its staged copy stays longer. 0: for ever.')
@minValue(0)
param dropDays int = 30

@description('Days after which staged datasets and reports go to the cool tier, where reading costs more and keeping less. 0: never.')
@minValue(0)
param coolDays int = 90

// Caches and live progress.

@description('Whether a Redis cache is shared by all instances.')
param redis bool = false

@description('Size of the Redis cache.')
param redisSku string = 'Balanced_B0'

@description('Whether a replica of the Redis cache stands by.')
param redisHighAvailability bool = false

@description('Tier of Web PubSub. The free one has 20 connections and 20,000 messages a day.')
@allowed(['Free_F1', 'Standard_S1', 'Premium_P1'])
param pubsubSku string = 'Free_F1'

@description('Units of Web PubSub: 1,000 connections each.')
@minValue(1)
@maxValue(100)
param pubsubUnits int = 1

// The inference server.

@description('Whether there is an inference server, with its registry, environment, network and share.')
param inferenceServer bool = false

@description('Region of the inference server, and of the network and the Functions app, which call it; empty: as everything else. Few regions have GPUs. It cannot be changed after the first deployment.')
param inferenceLocation string = ''

@description('Workload profile of the inference server; Consumption has no GPU.')
@allowed(['Consumption', 'Consumption-GPU-NC8as-T4', 'Consumption-GPU-NC24-A100'])
param inferenceProfile string = 'Consumption-GPU-NC8as-T4'

@description('Image of the inference server, which the post-provision hook builds. Empty: everything is made but the server itself.')
param inferenceImage string = ''

@description('Models to load and warm before the inference server says ready: all, none, or names separated by commas.')
param inferenceLoad string = 'all'

@description('Least replicas of the inference server. 1 spares the cold start, and costs a GPU around the clock.')
@minValue(0)
param inferenceMinReplicas int = 0

@description('Most replicas of the inference server; each takes one GPU of the quota.')
@minValue(1)
param inferenceMaxReplicas int = 1

@description('Requests at once that a replica takes before another is started.')
@minValue(1)
param inferenceConcurrency int = 32

@description('Seconds without a request before the last replica goes.')
@minValue(30)
param inferenceCooldownSeconds int = 300

@description('Model size from which the inference server scores instead of the Functions app, bytes.')
@minValue(0)
param heavyModelBytes int = 104857600

@description('Size of the share of models, GiB; what is provisioned is paid for.')
@minValue(100)
param modelShareGibibytes int = 100

@description('Tier of the container registry; Premium streams images, which shortens cold starts.')
@allowed(['Basic', 'Standard', 'Premium'])
param registrySku string = 'Basic'

@description('Image of the job that fills the share of models: the Azure CLI, pinned.')
param modelSyncImage string = 'mcr.microsoft.com/azure-cli:2.77.0'

// Network and page.

@description('Whether storage, Cosmos DB and Redis are reached through private endpoints only.')
param privateNetwork bool = false

@description('Address range of the virtual network, if there is one.')
param networkAddressPrefix string = '10.20.0.0/16'

@description('Whether Front Door stands before the page and the gateway.')
param frontDoor bool = false

// Watching.

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int = 30

@description('Most gigabytes of logs a day; -1: no limit.')
param logDailyGigabytes int = 1

@description('Mail address that alerts go to; empty: they are only shown.')
param alertMail string = ''

@description('Share of failed requests that alerts, percent.')
param alertErrorPercent int = 5

@description('99th percentile of the time of a prediction that alerts, ms.')
param alertSlowMilliseconds int = 2000

@description('Rows waiting for a batch that alert.')
param alertQueueRows int = 1000

var token = uniqueString(subscription().id, environmentName, location)
var tags = union(extraTags, { 'azd-env-name': environmentName })
// The environment of the server and the subnet that the Functions app goes out from stand in the network, so all of them are in one region, with or without a server:
// what stands somewhere cannot be moved.
var computeRegion = empty(inferenceLocation) ? location : inferenceLocation
var network = privateNetwork || inferenceServer
var taskHub = 'aia'
var database = 'aia'
// Known before anything is made, so that roles can be written down, and foreseen, by name.
var names = {
  functions: 'func-${token}'
  hostStorage: 'sth${token}'
  dataStorage: 'std${token}'
  modelShare: 'stm${token}'
  cosmos: 'cosmos-${token}'
  pubsub: 'wps-${token}'
  redis: 'redis-${token}'
  scheduler: 'dts-${token}'
  topic: 'egst-${token}'
  registry: 'cr${token}'
  workspace: 'log-${token}'
  insights: 'appi-${token}'
}
var jwtIssuer = '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
var containers = {
  drops: 'datasets'
  models: 'models'
  store: 'store'
  serving: 'serving'
  deadletters: 'deadletters'
  packages: 'packages'
}
var changesQueue = 'model-changes'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module functionsIdentity 'modules/identity.bicep' = {
  scope: group
  params: { name: 'id-functions-${token}', location: location, tags: tags }
}

module inferenceIdentity 'modules/identity.bicep' = if (inferenceServer) {
  scope: group
  params: { name: 'id-inference-${token}', location: computeRegion, tags: tags }
}

module syncIdentity 'modules/identity.bicep' = if (inferenceServer) {
  scope: group
  params: { name: 'id-sync-${token}', location: computeRegion, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: tags
    retentionDays: logDays
    dailyCapGigabytes: logDailyGigabytes
  }
}

module virtualNetwork 'modules/network.bicep' = if (network) {
  scope: group
  params: { token: token, location: computeRegion, tags: tags, addressPrefix: networkAddressPrefix }
}

// What the Functions host needs for itself: leases, keys, its package; and, unless there is a scheduler, the orchestrations' state.
module hostStorage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: names.hostStorage
    location: location
    tags: tags
    sku: 'Standard_LRS'
    containers: [containers.packages]
    private: privateNetwork
  }
}

module dataStorage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: names.dataStorage
    location: location
    tags: tags
    sku: dataSku
    containers: [containers.drops, containers.models, containers.store, containers.serving, containers.deadletters]
    queues: [changesQueue]
    corsOrigins: corsOrigins
    private: privateNetwork
    eventTarget: true
    lifecycleRules: concat(
      // The program deletes these itself when an evaluation or an upload ends; this takes what a crash for good left behind.
      deletion('forgotten-work', map(['work', 'uploads'], folder => '${containers.store}/${folder}/'), 14),
      deletion('deadletters', ['${containers.deadletters}/'], 30),
      deletion('drops', ['${containers.drops}/', '${containers.models}/'], dropDays),
      cooling('cool', ['${containers.store}/staged/', '${containers.store}/reports/'], coolDays)
    )
  }
}

module cosmos 'modules/cosmos.bicep' = {
  scope: group
  params: {
    name: names.cosmos
    location: location
    tags: tags
    database: database
    mode: cosmosMode
    maxThroughput: cosmosMaxThroughput
    readRegions: cosmosReadRegions
    zoneRedundant: cosmosZoneRedundant
    jobSeconds: jobDays * 86400
    private: privateNetwork
  }
}

module pubsub 'modules/pubsub.bicep' = {
  scope: group
  params: { name: names.pubsub, location: location, tags: tags, sku: pubsubSku, units: pubsubUnits }
}

module cache 'modules/redis.bicep' = if (redis) {
  scope: group
  params: {
    name: names.redis
    location: location
    tags: tags
    sku: redisSku
    highAvailability: redisHighAvailability
    private: privateNetwork
  }
}

module scheduler 'modules/scheduler.bicep' = if (workflowProvider == 'DurableTaskScheduler') {
  scope: group
  params: {
    name: names.scheduler
    location: location
    tags: tags
    taskHub: taskHub
    sku: schedulerSku
    allowedNetworks: schedulerNetworks
  }
}

module topic 'modules/event-topic.bicep' = {
  scope: group
  params: { name: names.topic, location: location, tags: tags, storageId: dataStorage.outputs.id }
}

module registry 'modules/registry.bicep' = if (inferenceServer) {
  scope: group
  params: { name: names.registry, location: computeRegion, tags: tags, sku: registrySku }
}

module rbac 'modules/rbac.bicep' = {
  scope: group
  dependsOn: [hostStorage, cosmos, pubsub, monitoring, registry, cache, scheduler]
  params: {
    functionsPrincipalId: functionsIdentity.outputs.principalId
    inferenceServer: inferenceServer
    inferencePrincipalId: inferenceServer ? inferenceIdentity!.outputs.principalId : ''
    syncPrincipalId: inferenceServer ? syncIdentity!.outputs.principalId : ''
    topicPrincipalId: topic.outputs.principalId
    operatorPrincipalId: operatorId
    operatorPrincipalType: operatorType
    hostStorageName: names.hostStorage
    dataStorageName: names.dataStorage
    cosmosName: names.cosmos
    cosmosDatabase: database
    pubsubName: names.pubsub
    insightsName: names.insights
    registryName: names.registry
    hasRedis: redis
    redisName: names.redis
    hasScheduler: workflowProvider == 'DurableTaskScheduler'
    schedulerName: names.scheduler
  }
}

module privateAccess 'modules/private-access.bicep' = if (privateNetwork) {
  scope: group
  params: {
    token: token
    location: computeRegion
    tags: tags
    networkId: virtualNetwork!.outputs.id
    subnetId: virtualNetwork!.outputs.endpointsSubnetId
    hostStorageId: hostStorage.outputs.id
    dataStorageId: dataStorage.outputs.id
    cosmosId: cosmos.outputs.id
    hasRedis: redis
    redisId: redis ? cache!.outputs.id : ''
  }
}

// The inference server.

module share 'modules/model-share.bicep' = if (inferenceServer) {
  scope: group
  params: {
    name: names.modelShare
    location: computeRegion
    tags: tags
    gibibytes: modelShareGibibytes
    subnetId: virtualNetwork!.outputs.containersSubnetId
  }
}

module containerEnvironment 'modules/container-environment.bicep' = if (inferenceServer) {
  scope: group
  params: {
    token: token
    location: computeRegion
    tags: tags
    subnetId: virtualNetwork!.outputs.containersSubnetId
    profileType: inferenceProfile
    workspaceId: monitoring.outputs.workspaceId
    shareServer: share!.outputs.server
    sharePath: share!.outputs.path
  }
}

module environmentZone 'modules/environment-zone.bicep' = if (inferenceServer) {
  scope: group
  params: {
    // Azure chooses the domain.
    #disable-next-line what-if-short-circuiting
    domain: containerEnvironment!.outputs.domain
    address: containerEnvironment!.outputs.address
    tags: tags
    networkId: virtualNetwork!.outputs.id
  }
}

module modelSync 'modules/model-sync.bicep' = if (inferenceServer) {
  scope: group
  dependsOn: [rbac]
  params: {
    token: token
    location: computeRegion
    tags: tags
    environmentId: containerEnvironment!.outputs.id
    storageName: containerEnvironment!.outputs.writableStorage
    identityId: syncIdentity!.outputs.id
    identityClientId: syncIdentity!.outputs.clientId
    accountName: names.dataStorage
    image: modelSyncImage
    container: containers.serving
    queue: changesQueue
  }
}

module modelEvents 'modules/model-events.bicep' = if (inferenceServer) {
  scope: group
  // Event Grid tries the queue when the subscription is made.
  dependsOn: [rbac, topic]
  params: {
    topicName: names.topic
    storageId: dataStorage.outputs.id
    container: containers.serving
    queue: changesQueue
    deadletters: containers.deadletters
  }
}

var servesInference = inferenceServer && !empty(inferenceImage) && !empty(apiClientId)

module inference 'modules/inference-server.bicep' = if (servesInference) {
  scope: group
  // The image is pulled with a role.
  dependsOn: [rbac]
  params: {
    token: token
    location: computeRegion
    tags: tags
    environmentId: containerEnvironment!.outputs.id
    profile: containerEnvironment!.outputs.profile
    profileType: inferenceProfile
    storageName: containerEnvironment!.outputs.readableStorage
    identityId: inferenceIdentity!.outputs.id
    identityClientId: inferenceIdentity!.outputs.clientId
    insightsConnectionString: monitoring.outputs.connectionString
    registry: registry!.outputs.loginServer
    image: inferenceImage
    load: inferenceLoad
    jwtIssuer: jwtIssuer
    jwtAudience: apiClientId
    minReplicas: inferenceMinReplicas
    maxReplicas: inferenceMaxReplicas
    concurrentRequests: inferenceConcurrency
    cooldownSeconds: inferenceCooldownSeconds
  }
}

// The Functions app.

var functionsOrigin = '${names.functions}.azurewebsites.net'

module door 'modules/front-door.bicep' = if (frontDoor) {
  scope: group
  params: { token: token, tags: tags, origin: functionsOrigin }
}

func sameRegion(one string, other string) bool => toLower(replace(one, ' ', '')) == toLower(replace(other, ' ', ''))
func nearestFirst(regions string[], here string) string[] =>
  concat(filter(regions, region => sameRegion(region, here)), filter(regions, region => !sameRegion(region, here)))

// What each setting means: the table in docs/azure.md.
var settings = union(
  {
    AzureWebJobsStorage__accountName: names.hostStorage
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: functionsIdentity.outputs.clientId
    // The host's own page would stand where the dashboard does.
    AzureWebJobsDisableHomepage: 'true'
    AZURE_CLIENT_ID: functionsIdentity.outputs.clientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${functionsIdentity.outputs.clientId}'
    Drops__blobServiceUri: dataStorage.outputs.blobEndpoint
    Drops__queueServiceUri: dataStorage.outputs.queueEndpoint
    Drops__credential: 'managedidentity'
    Drops__clientId: functionsIdentity.outputs.clientId
    Blobs__ServiceUri: dataStorage.outputs.blobEndpoint
    Blobs__Container: containers.store
    Blobs__DatasetsContainer: containers.drops
    Blobs__ModelsContainer: containers.models
    Blobs__ServingContainer: containers.serving
    Cosmos__AccountEndpoint: cosmos.outputs.endpoint
    Cosmos__Database: database
    Cosmos__ConnectionMode: cosmosConnectionMode
    Cosmos__ConsistencyLevel: 'Session'
    Cosmos__PreferredRegions: join(nearestFirst(concat([location], cosmosMode == 'serverless' ? [] : cosmosReadRegions), computeRegion), ',')
    WebPubSub__Endpoint: pubsub.outputs.endpoint
    WebPubSub__Hub: pubsub.outputs.hub
    Evaluations__FanOutWidth: string(fanOutWidth)
    Workflows__Provider: workflowProvider
    Workflows__JobDays: string(jobDays)
    AzureFunctionsJobHost__extensions__durableTask__hubName: taskHub
    AIA_AUTH: empty(apiClientId) ? 'keys' : 'keys,jwt'
  },
  empty(apiClientId) ? {} : { AIA_JWT_ISSUER: jwtIssuer, AIA_JWT_AUDIENCE: apiClientId },
  empty(adminKeyHash) ? {} : { AIA_ADMIN_KEY_HASH: adminKeyHash },
  empty(corsOrigins) ? {} : { AIA_CORS_ORIGINS: join(corsOrigins, ',') },
  frontDoor ? { AIA_FRONT_DOOR_ID: door!.outputs.id } : {},
  redis ? { Redis__Endpoint: cache!.outputs.endpoint } : {},
  workflowProvider == 'DurableTaskScheduler'
    ? {
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
        DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler!.outputs.endpoint};Authentication=ManagedIdentity;ClientID=${functionsIdentity.outputs.clientId}'
      }
    : {},
  servesInference
    ? {
        Inference__Servers: inference!.outputs.address
        Inference__Audience: apiClientId
        Inference__HeavyModelBytes: string(heavyModelBytes)
        // A cold replica pulls its image and warms its models while the request waits; the ingress gives up after 240 s, and the Functions app's own after 230.
        Inference__TimeoutSeconds: inferenceMinReplicas == 0 ? '200' : '30'
        // Asked every second whether it is well, a server would never scale to zero.
        Inference__HealthIntervalSeconds: inferenceMinReplicas == 0 ? '0' : '1'
        // As many requests as all replicas take at once: more would only wait, and be refused.
        Inference__FanOutWidth: string(inferenceConcurrency * inferenceMaxReplicas)
      }
    : {}
)

module functions 'modules/functions.bicep' = {
  scope: group
  dependsOn: [rbac, privateAccess]
  params: {
    name: names.functions
    token: token
    location: computeRegion
    tags: tags
    identityId: functionsIdentity.outputs.id
    hostBlobEndpoint: hostStorage.outputs.blobEndpoint
    packageContainer: containers.packages
    settings: settings
    instanceMemory: instanceMemory
    maximumInstances: maximumInstances
    alwaysReady: { http: alwaysReadyHttp, durable: alwaysReadyDurable }
    httpConcurrency: httpConcurrency
    subnetId: network ? virtualNetwork!.outputs.functionsSubnetId : null
    behindFrontDoor: frontDoor
    frontDoorId: frontDoor ? door!.outputs.id : ''
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    topicId: topic.outputs.id
    mailAddress: alertMail
    errorPercent: alertErrorPercent
    slowMilliseconds: alertSlowMilliseconds
    queueRows: alertQueueRows
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: { location: location, tags: tags, workspaceId: monitoring.outputs.workspaceId }
}

// For azd and its hooks. No secret is among them: there is none.

@description('Resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the Functions app.')
output AZURE_FUNCTION_APP_NAME string = names.functions

@description('Where the page and the gateway are.')
output AIA_URL string = frontDoor ? door!.outputs.address : 'https://${functions.outputs.hostName}'

@description('Storage account that datasets and models are dropped into.')
output AIA_DATA_ACCOUNT string = names.dataStorage

@description('Resource id of that account.')
output AIA_DATA_ACCOUNT_ID string = dataStorage.outputs.id

@description('Region of the Functions app.')
output AIA_COMPUTE_LOCATION string = computeRegion

@description('Event Grid system topic of that account.')
output AIA_EVENT_TOPIC string = names.topic

@description('Object id of the Functions app\'s identity.')
output AIA_FUNCTIONS_PRINCIPAL_ID string = functionsIdentity.outputs.principalId

@description('Name of the container registry; empty without an inference server.')
output AIA_REGISTRY string = inferenceServer ? names.registry : ''

@description('Host name of the container registry; empty without an inference server.')
output AIA_REGISTRY_SERVER string = inferenceServer ? registry!.outputs.loginServer : ''

@description('Where the inference server is, from inside the network; empty without one.')
output AIA_INFERENCE_URL string = servesInference ? inference!.outputs.address : ''

@description('Job that fills the share of models; empty without an inference server.')
output AIA_MODEL_SYNC_JOB string = inferenceServer ? modelSync!.outputs.name : ''
