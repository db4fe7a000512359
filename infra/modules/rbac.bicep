metadata description = 'Every right that one part has on another, with its reason. Nothing here may create, configure or delete a resource: these are roles on data.'

@description('Object id of the function app\'s identity.')
param functionsPrincipalId string

@description('Whether there is an inference server, with its registry and its job.')
param inferenceServer bool

@description('Object id of the inference server\'s identity; empty: there is none.')
param inferencePrincipalId string

@description('Object id of the identity of the job that fills the share of models; empty: there is none.')
param syncPrincipalId string

@description('Object id of the system topic\'s identity.')
param topicPrincipalId string

@description('Object id of who may drop datasets and read results by hand; empty: nobody.')
param operatorPrincipalId string

@description('What that one is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorPrincipalType string

@description('Name of the storage account of the Functions host.')
param hostStorageName string

@description('Name of the storage account of datasets, models and reports.')
param dataStorageName string

@description('Name of the Cosmos DB account.')
param cosmosName string

@description('Name of its database.')
param cosmosDatabase string

@description('Name of the Web PubSub service.')
param pubsubName string

@description('Name of the Application Insights resource.')
param insightsName string

@description('Name of the container registry, if there is one.')
param registryName string

@description('Whether there is a Redis cache.')
param hasRedis bool

@description('Name of the Redis cache, if there is one.')
param redisName string

@description('Whether there is a Durable Task Scheduler.')
param hasScheduler bool

@description('Name of the Durable Task Scheduler, if there is one.')
param schedulerName string

// The names of the assignments are hashes of what is known before anything is made (who, on what, which role), so that what-if can tell them.
var roles = {
  acrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
  durableTaskDataContributor: '0ad04412-c4d5-4796-b79c-f76d14c8d402'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  storageBlobDelegator: 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageQueueDataMessageProcessor: '8a0f0c08-91a1-4084-bc3d-661d67233fed'
  storageQueueDataMessageSender: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
  storageQueueDataReader: '19e7f393-937e-4f77-808e-94535e297925'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  webPubSubServiceOwner: '12cf5a90-567b-43ae-8102-96cf46c7d9b4'
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-08-01' existing = {
  name: hostStorageName
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2025-08-01' existing = {
  name: dataStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'
    resource datasets 'containers' existing = { name: 'datasets' }
    resource models 'containers' existing = { name: 'models' }
    resource store 'containers' existing = { name: 'store' }
    resource serving 'containers' existing = { name: 'serving' }
    resource deadletters 'containers' existing = { name: 'deadletters' }
  }

  resource queueService 'queueServices' existing = {
    name: 'default'
    resource changes 'queues' existing = { name: 'model-changes' }
  }
}

resource pubsub 'Microsoft.SignalRService/webPubSub@2024-03-01' existing = {
  name: pubsubName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' existing = {
  name: cosmosName
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = if (inferenceServer) {
  name: registryName
}

resource redis 'Microsoft.Cache/redisEnterprise@2025-07-01' existing = if (hasRedis) {
  name: redisName
  resource database 'databases' existing = { name: 'default' }
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (hasScheduler) {
  name: schedulerName
}

// The function app.

resource functionsHostBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostStorage
  name: guid(hostStorage.id, 'functions', roles.storageBlobDataOwner)
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataOwner)
    description: 'The Functions host keeps its leases, keys, timer state and blob receipts here, and reads its own package; it asks for Owner. The account holds nothing else.'
  }
}

resource functionsHostQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostStorage
  name: guid(hostStorage.id, 'functions', roles.storageQueueDataContributor)
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageQueueDataContributor
    )
    description: 'Durable Functions makes its control and work-item queues here, and the blob trigger the queue of what it has to look at.'
  }
}

resource functionsHostTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostStorage
  name: guid(hostStorage.id, 'functions', roles.storageTableDataContributor)
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageTableDataContributor
    )
    description: 'Durable Functions keeps histories and instances of the orchestrations in tables here.'
  }
}

resource functionsDataBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: dataStorage
  name: guid(dataStorage.id, 'functions', roles.storageBlobDataContributor)
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
    description: 'Reads dropped datasets and models; writes staged datasets, shards, reports and the models to serve; deletes what has ended.'
  }
}

resource functionsDataDelegator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: dataStorage
  name: guid(dataStorage.id, 'functions', roles.storageBlobDelegator)
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDelegator)
    description: 'Signs short-lived URLs to upload a dataset directly, with a user-delegation key instead of the account\'s.'
  }
}

resource functionsDataQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: dataStorage
  name: guid(dataStorage.id, 'functions', roles.storageQueueDataContributor)
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageQueueDataContributor
    )
    description: 'The blob trigger makes a queue beside the blobs for those that failed five times.'
  }
}

resource functionsPubsub 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: pubsub
  name: guid(pubsub.id, 'functions', roles.webPubSubServiceOwner)
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.webPubSubServiceOwner)
    description: 'Publishes progress to groups and makes the URLs that clients connect with. The only role that may do both; it is one on data.'
  }
}

resource functionsTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, 'functions', roles.monitoringMetricsPublisher)
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.monitoringMetricsPublisher
    )
    description: 'Sends telemetry, which is taken with a token only. It cannot be read with this.'
  }
}

resource functionsDocuments 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-10-15' = {
  parent: cosmos
  name: guid(cosmos.id, 'functions', cosmosDatabase)
  properties: {
    // Cosmos DB's own "Data Contributor": reads and writes documents, makes no databases or containers. For this database only.
    roleDefinitionId: '${cosmos.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002'
    principalId: functionsPrincipalId
    scope: '${cosmos.id}/dbs/${cosmosDatabase}'
  }
}

resource functionsRedis 'Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments@2025-07-01' = if (hasRedis) {
  parent: redis::database
  name: 'functions'
  properties: {
    // The one policy there is: the whole cache, and nothing but the cache.
    accessPolicyName: 'default'
    user: { objectId: functionsPrincipalId }
  }
}

resource functionsScheduler 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasScheduler) {
  scope: scheduler
  name: guid(scheduler.id, 'functions', roles.durableTaskDataContributor)
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.durableTaskDataContributor
    )
    description: 'Starts, runs and asks after orchestrations.'
  }
}

// The inference server. It reads its models from a mount and checks tokens with public keys, so it needs nothing more.

resource inferenceImage 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (inferenceServer) {
  scope: registry
  name: guid(registry.id, 'inference-server', roles.acrPull)
  properties: {
    principalId: inferencePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.acrPull)
    description: 'The platform pulls the image of the inference server with this identity.'
  }
}

resource inferenceTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (inferenceServer) {
  scope: insights
  name: guid(insights.id, 'inference-server', roles.monitoringMetricsPublisher)
  properties: {
    principalId: inferencePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.monitoringMetricsPublisher
    )
    description: 'Sends telemetry, which is taken with a token only. It cannot be read with this.'
  }
}

// The job that fills the share of models.

resource syncModels 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (inferenceServer) {
  scope: dataStorage::blobs::serving
  name: guid(dataStorage::blobs::serving.id, 'model-sync', roles.storageBlobDataReader)
  properties: {
    principalId: syncPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
    description: 'Copies the models to serve; sees neither datasets nor reports.'
  }
}

resource syncLength 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (inferenceServer) {
  scope: dataStorage::queueService::changes
  name: guid(dataStorage::queueService::changes.id, 'model-sync', roles.storageQueueDataReader)
  properties: {
    principalId: syncPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageQueueDataReader)
    description: 'The platform reads the length of the queue to know when to run the job.'
  }
}

resource syncMessages 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (inferenceServer) {
  scope: dataStorage::queueService::changes
  name: guid(dataStorage::queueService::changes.id, 'model-sync', roles.storageQueueDataMessageProcessor)
  properties: {
    principalId: syncPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageQueueDataMessageProcessor
    )
    description: 'Takes the messages that it has acted on out of the queue.'
  }
}

// Event Grid.

resource topicChanges 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: dataStorage::queueService::changes
  name: guid(dataStorage::queueService::changes.id, 'event-topic', roles.storageQueueDataMessageSender)
  properties: {
    principalId: topicPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageQueueDataMessageSender
    )
    description: 'Puts a message into this queue when a model to serve has come or gone.'
  }
}

resource topicDeadletters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: dataStorage::blobs::deadletters
  name: guid(dataStorage::blobs::deadletters.id, 'event-topic', roles.storageBlobDataContributor)
  properties: {
    principalId: topicPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
    description: 'Keeps events that could not be delivered for 24 hours, so that no dropped dataset is forgotten. This container only.'
  }
}

// A person, by hand.

resource operatorDatasets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  scope: dataStorage::blobs::datasets
  name: guid(dataStorage::blobs::datasets.id, operatorPrincipalId, roles.storageBlobDataContributor)
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
    description: 'Drops datasets.'
  }
}

resource operatorModels 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  scope: dataStorage::blobs::models
  name: guid(dataStorage::blobs::models.id, operatorPrincipalId, roles.storageBlobDataContributor)
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
    description: 'Drops models.'
  }
}

resource operatorServing 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  scope: dataStorage::blobs::serving
  name: guid(dataStorage::blobs::serving.id, operatorPrincipalId, roles.storageBlobDataContributor)
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
    description: 'Says by hand what the inference server serves.'
  }
}

resource operatorStore 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  scope: dataStorage::blobs::store
  name: guid(dataStorage::blobs::store.id, operatorPrincipalId, roles.storageBlobDataReader)
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
    description: 'Reads reports without the gateway. What the pipeline wrote, only the pipeline changes.'
  }
}
