metadata description = 'The Functions app on Flex Consumption: .NET 10 isolated worker, no key of a storage account, no publishing password.'

@description('Name of the app.')
param name string

@description('Last part of other names.')
param token string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of its identity.')
param identityId string

@description('Blob endpoint of the storage account of the host.')
param hostBlobEndpoint string

@description('Name of the container of deployment packages.')
param packageContainer string

@description('App settings.')
param settings object

@description('Memory of an instance, MB.')
@allowed([512, 2048, 4096])
param instanceMemory int

@description('Most instances.')
@minValue(1)
@maxValue(1000)
param maximumInstances int

@description('Instances that are kept ready, by scale group (http, durable, blob); those of 0 are left out.')
param alwaysReady object

@description('Requests at once on one instance before another is started; 0: the platform\'s choice by memory.')
@minValue(0)
@maxValue(1000)
param httpConcurrency int

@description('Subnet that its calls go out from, if any.')
param subnetId string?

@description('Whether requests must come through a Front Door.')
param behindFrontDoor bool

@description('Id of that Front Door.')
param frontDoorId string

var groups = filter(items(alwaysReady), group => group.value > 0)
// Event Grid delivers from outside whatever stands before the page.
var throughFrontDoor = [
  {
    name: 'front-door'
    priority: 100
    action: 'Allow'
    tag: 'ServiceTag'
    ipAddress: 'AzureFrontDoor.Backend'
    headers: { 'x-azure-fdid': [frontDoorId] }
  }
  { name: 'event-grid', priority: 110, action: 'Allow', tag: 'ServiceTag', ipAddress: 'AzureEventGrid' }
]

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: subnetId
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostBlobEndpoint}${packageContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        alwaysReady: map(groups, group => { name: group.key, instanceCount: group.value })
        triggers: httpConcurrency == 0 ? {} : { http: { perInstanceConcurrency: httpConcurrency } }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      ipSecurityRestrictionsDefaultAction: behindFrontDoor ? 'Deny' : 'Allow'
      ipSecurityRestrictions: behindFrontDoor ? throughFrontDoor : []
      scmIpSecurityRestrictionsUseMain: false
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: settings
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

@description('Host name of the gateway and the page.')
output hostName string = app.properties.defaultHostName
