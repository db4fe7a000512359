metadata description = 'Container registry for the image of the inference server. No admin user, no anonymous pull.'

@description('Name of the resource.')
@minLength(5)
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Tier. Premium streams images, which shortens the cold start of a large one.')
@allowed(['Basic', 'Standard', 'Premium'])
param sku string

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    policies: {
      azureADAuthenticationAsArmPolicy: { status: 'enabled' }
    }
  }
}

@description('Host name that images are pulled from.')
output loginServer string = registry.properties.loginServer
