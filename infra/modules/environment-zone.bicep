metadata description = 'DNS zone of the Container Apps environment, which has no public address: its apps are found from the network.'

@description('Domain of the environment.')
param domain string

@description('Address of the environment inside the network.')
param address string

@description('Tags of every resource.')
param tags object

@description('Resource id of the network.')
param networkId string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: domain
  location: 'global'
  tags: tags

  resource apps 'A' = {
    name: '*'
    properties: { ttl: 300, aRecords: [{ ipv4Address: address }] }
  }

  resource link 'virtualNetworkLinks' = {
    name: 'network'
    location: 'global'
    properties: { registrationEnabled: false, virtualNetwork: { id: networkId } }
  }
}
