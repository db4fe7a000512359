metadata description = 'Private DNS zones, linked to the network: names of services lead to their private endpoints there.'

@description('Names of the zones.')
param zones string[]

@description('Tags of every resource.')
param tags object

@description('Resource id of the network.')
param networkId string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for name in zones: {
    name: name
    location: 'global'
    tags: tags
  }
]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (name, index) in zones: {
    parent: zone[index]
    name: 'network'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: networkId }
    }
  }
]
