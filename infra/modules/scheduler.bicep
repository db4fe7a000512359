metadata description = 'Durable Task Scheduler: keeps the state of the orchestrations instead of queues and tables of a storage account.'

@description('Name of the resource.')
@minLength(3)
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the task hub.')
param taskHub string

@description('Tier: Consumption is billed by action, Dedicated by capacity unit.')
@allowed(['Consumption', 'Dedicated'])
param sku string

@description('Networks that may reach it, in CIDR notation. Callers need a token of Entra ID and a role all the same.')
param allowedNetworks string[]

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: allowedNetworks
    sku: sku == 'Dedicated' ? { name: 'Dedicated', capacity: 1 } : { name: 'Consumption' }
  }

  resource hub 'taskHubs' = {
    name: taskHub
    properties: {}
  }
}

@description('Where it is.')
output endpoint string = scheduler.properties.endpoint
