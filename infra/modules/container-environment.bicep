metadata description = 'Container Apps environment inside the network, with a workload profile for the inference server and the share of models.'

@description('Last part of the name.')
param token string

@description('Region; it must have the workload profile.')
param location string

@description('Tags of every resource.')
param tags object

@description('Subnet of the environment.')
param subnetId string

@description('Type of the workload profile of the inference server.')
param profileType string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Host of the share of models.')
param shareServer string

@description('Path of the share of models.')
param sharePath string

var ownProfile = profileType == 'Consumption' ? [] : [{ name: 'inference', workloadProfileType: profileType }]

resource environment 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: 'cae-${token}'
  location: location
  tags: tags
  properties: {
    // Through a diagnostic setting: the other way would need a key of the workspace here.
    appLogsConfiguration: { destination: 'azure-monitor' }
    vnetConfiguration: { infrastructureSubnetId: subnetId, internal: true }
    workloadProfiles: concat([{ name: 'Consumption', workloadProfileType: 'Consumption' }], ownProfile)
    zoneRedundant: false
  }

  // The same share twice: the server must not be able to change what it serves.
  resource readable 'storages' = {
    name: 'models-read'
    properties: { nfsAzureFile: { server: shareServer, shareName: sharePath, accessMode: 'ReadOnly' } }
  }

  resource writable 'storages' = {
    name: 'models-write'
    properties: { nfsAzureFile: { server: shareServer, shareName: sharePath, accessMode: 'ReadWrite' } }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: environment
  name: 'logs'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'ContainerAppConsoleLogs', enabled: true }
      { category: 'ContainerAppSystemLogs', enabled: true }
    ]
  }
}

@description('Resource id of the environment.')
output id string = environment.id

@description('Domain of its apps.')
output domain string = environment.properties.defaultDomain

@description('Address inside the network.')
output address string = environment.properties.staticIp

@description('Name of the workload profile of the inference server.')
output profile string = profileType == 'Consumption' ? 'Consumption' : 'inference'

@description('Name of the read-only mount.')
output readableStorage string = environment::readable.name

@description('Name of the mount that can be written to.')
output writableStorage string = environment::writable.name
