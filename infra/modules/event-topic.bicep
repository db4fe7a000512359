metadata description = 'Event Grid system topic of the storage account. The subscription that starts evaluations is made after deployment, by a hook: it needs a key that the function app has only once its code is there.'

@description('Name of the resource.')
param name string

@description('Region of the storage account.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the storage account.')
param storageId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  // To deliver into a queue and to keep what could not be delivered, both without a key.
  identity: { type: 'SystemAssigned' }
  properties: {
    source: storageId
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

@description('Resource id of the topic.')
output id string = topic.id

@description('Object id of its identity.')
output principalId string = topic.identity.principalId
