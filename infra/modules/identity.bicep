metadata description = 'A user-assigned identity: what a program is to the rest of Azure. It has no key; its rights stand in rbac.bicep.'

@description('Name of the identity.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id, to give the identity to a program.')
output id string = identity.id

@description('Client id, which a program names when it asks for a token.')
output clientId string = identity.properties.clientId

@description('Object id, to which roles are assigned.')
output principalId string = identity.properties.principalId
