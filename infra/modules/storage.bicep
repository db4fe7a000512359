metadata description = 'A storage account for blobs, queues and tables: no shared keys, no public containers, TLS only.'

@description('Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Redundancy, for example Standard_LRS or Standard_ZRS.')
param sku string

@description('Names of the containers; all private.')
param containers string[]

@description('Names of the queues.')
param queues string[] = []

@description('Rules of the lifecycle management policy; none: no policy.')
param lifecycleRules object[] = []

@description('Origins of pages that may send blobs straight to the account with a user-delegation SAS.')
param corsOrigins string[] = []

@description('Whether the account is reached through private endpoints only.')
param private bool

@description('Whether Event Grid delivers into the account, which it does as a trusted service, from outside the network.')
param eventTarget bool = false

resource account 'Microsoft.Storage/storageAccounts@2025-08-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: any(sku) }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    isSftpEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    // "Disabled" would shut out trusted services too; with "Deny" and no rule nobody else comes in.
    publicNetworkAccess: private && !eventTarget ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: eventTarget ? 'AzureServices' : 'None'
      defaultAction: private ? 'Deny' : 'Allow'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: 7 }
      containerDeleteRetentionPolicy: { enabled: true, days: 7 }
      cors: {
        corsRules: empty(corsOrigins)
          ? []
          : [
              {
                allowedOrigins: corsOrigins
                allowedMethods: ['PUT', 'OPTIONS']
                allowedHeaders: ['content-type', 'x-ms-*']
                exposedHeaders: ['etag', 'x-ms-request-id']
                maxAgeInSeconds: 3600
              }
            ]
      }
    }

    resource container 'containers' = [
      for container in containers: {
        name: container
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource queueService 'queueServices' = if (!empty(queues)) {
    name: 'default'

    resource queue 'queues' = [
      for queue in queues: {
        name: queue
      }
    ]
  }

  resource lifecycle 'managementPolicies' = if (!empty(lifecycleRules)) {
    name: 'default'
    // Prefixes begin with a container's name.
    dependsOn: [blobs]
    properties: {
      policy: { rules: any(lifecycleRules) }
    }
  }
}

@description('Resource id of the account.')
output id string = account.id

@description('Where its blobs are.')
output blobEndpoint string = account.properties.primaryEndpoints.blob

@description('Where its queues are.')
output queueEndpoint string = account.properties.primaryEndpoints.queue
