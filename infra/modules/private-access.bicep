metadata description = 'Private endpoints of everything that holds data, with their DNS zones.'

@description('Last part of the names.')
param token string

@description('Region of the network.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the network.')
param networkId string

@description('Subnet that the addresses are taken of.')
param subnetId string

@description('Resource id of the storage account of the Functions host.')
param hostStorageId string

@description('Resource id of the storage account of datasets, models and reports.')
param dataStorageId string

@description('Resource id of the Cosmos DB account.')
param cosmosId string

@description('Whether there is a Redis cache.')
param hasRedis bool

@description('Resource id of the Redis cache, if there is one.')
param redisId string

var blobZone = 'privatelink.blob.${environment().suffixes.storage}'
var queueZone = 'privatelink.queue.${environment().suffixes.storage}'
var tableZone = 'privatelink.table.${environment().suffixes.storage}'
var cosmosZone = 'privatelink.documents.azure.com'
var redisZone = 'privatelink.redis.azure.net'

var endpoints = concat(
  [
    { name: 'host-blob', target: hostStorageId, group: 'blob', zone: blobZone }
    { name: 'host-queue', target: hostStorageId, group: 'queue', zone: queueZone }
    { name: 'host-table', target: hostStorageId, group: 'table', zone: tableZone }
    { name: 'data-blob', target: dataStorageId, group: 'blob', zone: blobZone }
    { name: 'data-queue', target: dataStorageId, group: 'queue', zone: queueZone }
    { name: 'cosmos', target: cosmosId, group: 'Sql', zone: cosmosZone }
  ],
  hasRedis ? [{ name: 'redis', target: redisId, group: 'redisEnterprise', zone: redisZone }] : []
)

module zones 'private-zones.bicep' = {
  params: {
    zones: concat([blobZone, queueZone, tableZone, cosmosZone], hasRedis ? [redisZone] : [])
    tags: tags
    networkId: networkId
  }
}

module endpoint 'private-endpoint.bicep' = [
  for item in endpoints: {
    dependsOn: [zones]
    params: {
      name: 'pep-${item.name}-${token}'
      location: location
      tags: tags
      targetId: item.target
      groupId: item.group
      zone: item.zone
      subnetId: subnetId
    }
  }
]
