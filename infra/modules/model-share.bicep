metadata description = 'The share that the inference server reads its models from: Azure Files over NFS, which is mounted without a key.'

@description('Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Size, GiB; what is provisioned is paid for.')
@minValue(100)
@maxValue(102400)
param gibibytes int

@description('Subnet of the Container Apps environment.')
param subnetId string

/*
  Container Apps mounts Azure Files only: over SMB with the account's key, or over NFS from a network that the account lets in. Shared keys are off
  everywhere, so it is NFS, on an account of its own, that holds nothing but weights: NFS knows no tokens, and its mount here no TLS, hence
  supportsHttpsTrafficOnly is false and the account's doors are closed to all but one subnet.
*/
resource account 'Microsoft.Storage/storageAccounts@2025-08-01' = {
  name: name
  location: location
  tags: tags
  kind: 'FileStorage'
  sku: { name: 'Premium_LRS' }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: false
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: 'Deny'
      virtualNetworkRules: [{ id: subnetId, action: 'Allow' }]
    }
  }

  resource files 'fileServices' = {
    name: 'default'

    resource share 'shares' = {
      name: 'models'
      properties: {
        enabledProtocols: 'NFS'
        // The job that fills the share is root in its container, and owns what it writes; the server is not, and mounts it read-only.
        rootSquash: 'NoRootSquash'
        shareQuota: gibibytes
      }
    }
  }
}

@description('Host to mount from.')
output server string = '${account.name}.file.${environment().suffixes.storage}'

@description('Path of the share on that host.')
output path string = '/${account.name}/${account::files::share.name}'
