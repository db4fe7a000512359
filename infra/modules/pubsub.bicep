metadata description = 'Web PubSub: carries progress to pages and terminals. Only tokens of Entra ID publish; clients come with a URL that POST /api/negotiate made for them.'

@description('Name of the resource.')
@minLength(3)
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Tier.')
@allowed(['Free_F1', 'Standard_S1', 'Premium_P1'])
param sku string

@description('Units: 1,000 connections each. The free tier has one of 20 connections.')
param units int

resource service 'Microsoft.SignalRService/webPubSub@2024-03-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku, capacity: sku == 'Free_F1' ? 1 : units }
  properties: {
    disableLocalAuth: true
    disableAadAuth: false
    publicNetworkAccess: 'Enabled'
    tls: { clientCertEnabled: false }
  }

  resource hub 'hubs' = {
    name: 'progress'
    properties: {
      // Nobody connects without a URL that the gateway signed.
      anonymousConnectPolicy: 'deny'
      eventHandlers: []
    }
  }
}

@description('Where it is published to.')
output endpoint string = 'https://${service.properties.hostName}'

@description('Name of the hub.')
output hub string = service::hub.name
