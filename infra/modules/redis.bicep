metadata description = 'Azure Managed Redis: the second level of the caches, shared by all instances. Losing it makes answers slower, never wrong.'

@description('Name of the resource.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Size, for example Balanced_B0 (0.5 GB) or Balanced_B5 (6 GB).')
param sku string

@description('Whether a replica stands by.')
param highAvailability bool

@description('Whether it is reached through a private endpoint only.')
param private bool

resource cache 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: any(sku) }
  properties: {
    highAvailability: highAvailability ? 'Enabled' : 'Disabled'
    minimumTlsVersion: '1.2'
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
  }

  resource database 'databases' = {
    name: 'default'
    properties: {
      accessKeysAuthentication: 'Disabled'
      clientProtocol: 'Encrypted'
      // One endpoint, as a single Redis: the tags of the caches span keys of all slots.
      clusteringPolicy: 'NoCluster'
      // Every entry can be computed again, so none is worth refusing a new one for.
      evictionPolicy: 'AllKeysLRU'
      port: 10000
    }
  }
}

@description('Resource id of the cache.')
output id string = cache.id

@description('Host and port.')
output endpoint string = '${cache.properties.hostName}:10000'
