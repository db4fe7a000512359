using 'main.bicep'

// Copied beside main.bicep by the tests.

// Every part there is, in a network of its own.
param environmentName = 'test'
param location = 'westeurope'
param apiClientId = '11111111-1111-1111-1111-111111111111'
param adminKeyHash = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'
param operatorId = '22222222-2222-2222-2222-222222222222'
param corsOrigins = ['https://app.example']
param alwaysReadyHttp = 2
param httpConcurrency = 16
param workflowProvider = 'DurableTaskScheduler'
param cosmosMode = 'autoscale'
param cosmosMaxThroughput = 4000
param cosmosReadRegions = ['northeurope', 'Sweden Central']
param redis = true
param pubsubSku = 'Standard_S1'
param inferenceServer = true
param inferenceLocation = 'swedencentral'
param inferenceImage = 'registry.example/inference:1'
param privateNetwork = true
param frontDoor = true
param alertMail = 'people@app.example'
