metadata description = 'Front Door before the page: its files come from a place near the reader, compressed and cached; all else passes through.'

@description('Last part of the name.')
param token string

@description('Tags of every resource.')
param tags object

@description('Host name of the function app.')
param origin string

resource profile 'Microsoft.Cdn/profiles@2025-12-01' = {
  name: 'afd-${token}'
  location: 'global'
  tags: tags
  sku: { name: 'Standard_AzureFrontDoor' }
  // Long uploads and predictions that wait for a cold inference server.
  properties: { originResponseTimeoutSeconds: 240 }

  resource endpoint 'afdEndpoints' = {
    name: 'aia-${token}'
    location: 'global'
    tags: tags
    properties: { enabledState: 'Enabled' }
  }

  resource group 'originGroups' = {
    name: 'functions'
    properties: {
      loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3 }
      // No health probe: with one origin there is nothing to choose, and it would keep the app from scaling to zero.
    }

    resource host 'origins' = {
      name: 'functions'
      properties: {
        hostName: origin
        originHostHeader: origin
        httpsPort: 443
        enforceCertificateNameCheck: true
      }
    }
  }
}

// Answers depend on who asks, so nothing is cached but files whose path has the hash of their content.
resource answers 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-12-01' = {
  parent: profile::endpoint
  name: 'answers'
  dependsOn: [profile::group::host]
  properties: {
    originGroup: { id: profile::group.id }
    patternsToMatch: ['/*']
    supportedProtocols: ['Http', 'Https']
    httpsRedirect: 'Enabled'
    forwardingProtocol: 'HttpsOnly'
    linkToDefaultDomain: 'Enabled'
  }
}

resource files 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-12-01' = {
  parent: profile::endpoint
  name: 'files'
  dependsOn: [profile::group::host, answers]
  properties: {
    originGroup: { id: profile::group.id }
    patternsToMatch: ['/assets/*', '/docs/assets/*']
    supportedProtocols: ['Http', 'Https']
    httpsRedirect: 'Enabled'
    forwardingProtocol: 'HttpsOnly'
    linkToDefaultDomain: 'Enabled'
    cacheConfiguration: {
      queryStringCachingBehavior: 'IgnoreQueryString'
      compressionSettings: {
        isCompressionEnabled: true
        contentTypesToCompress: [
          'text/css'
          'text/javascript'
          'application/javascript'
          'application/json'
          'image/svg+xml'
        ]
      }
    }
  }
}

@description('Id that the profile puts into a header of each request.')
output id string = profile.properties.frontDoorId

@description('Where the page is.')
output address string = 'https://${profile::endpoint.properties.hostName}'
