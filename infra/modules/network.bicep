metadata description = 'Virtual network: a subnet for the function app, one for the Container Apps environment, one for private endpoints.'

@description('Last part of the name.')
param token string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Address range, /16 or larger; three /24 subnets are taken of it.')
param addressPrefix string

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: 'vnet-${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        // Flex Consumption and Container Apps ask for the same delegation, and for a subnet each.
        name: 'functions'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 0)
          delegations: [{ name: 'functions', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'containers'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 1)
          delegations: [{ name: 'containers', properties: { serviceName: 'Microsoft.App/environments' } }]
          // The share of models lets in this subnet and nobody else.
          serviceEndpoints: [{ service: 'Microsoft.Storage' }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 2)
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource functions 'subnets' existing = { name: 'functions' }
  resource containers 'subnets' existing = { name: 'containers' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

@description('Resource id of the network.')
output id string = network.id

@description('Subnet of the function app.')
output functionsSubnetId string = network::functions.id

@description('Subnet of the Container Apps environment.')
output containersSubnetId string = network::containers.id

@description('Subnet of the private endpoints.')
output endpointsSubnetId string = network::endpoints.id
