metadata description = 'A job that brings the share of models to what the container "serving" holds. It runs when a version was completed or deleted there.'

@description('Last part of the name.')
param token string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the Container Apps environment.')
param environmentId string

@description('Name of the mount that can be written to.')
param storageName string

@description('Resource id of its identity.')
param identityId string

@description('Client id of its identity.')
param identityClientId string

@description('Name of the storage account.')
param accountName string

@description('Image with the Azure CLI.')
param image string

@description('Name of the container that holds the models to serve.')
param container string

@description('Name of the queue that tells of changes.')
param queue string

resource job 'Microsoft.App/jobs@2026-01-01' = {
  name: 'cj-models-${token}'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      triggerType: 'Event'
      replicaTimeout: 3600
      replicaRetryLimit: 1
      identitySettings: [{ identity: identityId, lifecycle: 'Main' }]
      eventTriggerConfig: {
        parallelism: 1
        replicaCompletionCount: 1
        scale: {
          minExecutions: 0
          // One at a time: two would move the same folders.
          maxExecutions: 1
          pollingInterval: 30
          rules: [
            {
              name: 'changes'
              type: 'azure-queue'
              // Those that a run has taken and not yet acted on count again an hour later, so one that fails is tried then, not at once and for ever.
              metadata: { accountName: accountName, queueName: queue, queueLength: '1', queueLengthStrategy: 'visibleonly' }
              identity: identityId
            }
          ]
        }
      }
    }
    template: {
      containers: [
        {
          name: 'sync'
          image: image
          command: ['/bin/sh', '-c', loadTextContent('../model-sync.sh')]
          resources: { cpu: 1, memory: '2Gi' }
          env: [
            { name: 'AZURE_CLIENT_ID', value: identityClientId }
            { name: 'STORAGE_ACCOUNT', value: accountName }
            { name: 'SERVING_CONTAINER', value: container }
            { name: 'CHANGES_QUEUE', value: queue }
            { name: 'MODELS', value: '/models' }
          ]
          volumeMounts: [{ volumeName: 'models', mountPath: '/models' }]
        }
      ]
      volumes: [{ name: 'models', storageType: 'NfsAzureFile', storageName: storageName }]
    }
  }
}

@description('Name of the job.')
output name string = job.name
