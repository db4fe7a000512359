metadata description = 'Tells the job that fills the share of models when a version to serve was completed or deleted.'

@description('Name of the system topic.')
param topicName string

@description('Resource id of the storage account.')
param storageId string

@description('Name of the container that holds the models to serve.')
param container string

@description('Name of the queue.')
param queue string

@description('Name of the container that keeps the events that could not be delivered.')
param deadletters string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName

  resource subscription 'eventSubscriptions' = {
    name: 'models-to-serve'
    properties: {
      eventDeliverySchema: 'EventGridSchema'
      filter: {
        includedEventTypes: ['Microsoft.Storage.BlobCreated', 'Microsoft.Storage.BlobDeleted']
        subjectBeginsWith: '/blobServices/default/containers/${container}/blobs/'
        // Written last, so a version is looked at once, when all of it is there.
        subjectEndsWith: '/.complete'
      }
      deliveryWithResourceIdentity: {
        identity: { type: 'SystemAssigned' }
        destination: {
          endpointType: 'StorageQueue'
          properties: { resourceId: storageId, queueName: queue, queueMessageTimeToLiveInSeconds: 604800 }
        }
      }
      // Kept, and so counted: an alert says it.
      deadLetterWithResourceIdentity: {
        identity: { type: 'SystemAssigned' }
        deadLetterDestination: {
          endpointType: 'StorageBlob'
          properties: { resourceId: storageId, blobContainerName: deadletters }
        }
      }
      retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
    }
  }
}
