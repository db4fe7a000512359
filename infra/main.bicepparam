using 'main.bicep'

// Each parameter comes from the azd environment: azd env set AIA_REDIS true. Those not named here have their default in main.bicep.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')

param apiClientId = readEnvironmentVariable('AIA_API_CLIENT_ID', '')
param adminKeyHash = readEnvironmentVariable('AIA_ADMIN_KEY_HASH', '')
param operatorId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorType = readEnvironmentVariable('AIA_OPERATOR_TYPE', 'User')
param corsOrigins = empty(readEnvironmentVariable('AIA_CORS_ORIGINS', ''))
  ? []
  : split(readEnvironmentVariable('AIA_CORS_ORIGINS', ''), ',')

param instanceMemory = any(int(readEnvironmentVariable('AIA_INSTANCE_MEMORY', '4096')))
param maximumInstances = int(readEnvironmentVariable('AIA_MAXIMUM_INSTANCES', '40'))
param alwaysReadyHttp = int(readEnvironmentVariable('AIA_ALWAYS_READY_HTTP', '0'))
param alwaysReadyDurable = int(readEnvironmentVariable('AIA_ALWAYS_READY_DURABLE', '0'))
param httpConcurrency = int(readEnvironmentVariable('AIA_HTTP_CONCURRENCY', '0'))
param fanOutWidth = int(readEnvironmentVariable('AIA_FAN_OUT_WIDTH', '32'))
param workflowProvider = readEnvironmentVariable('AIA_WORKFLOW_PROVIDER', 'AzureStorage')

param cosmosMode = readEnvironmentVariable('AIA_COSMOS_MODE', 'serverless')
param cosmosMaxThroughput = int(readEnvironmentVariable('AIA_COSMOS_MAX_THROUGHPUT', '1000'))
param cosmosReadRegions = empty(readEnvironmentVariable('AIA_COSMOS_READ_REGIONS', ''))
  ? []
  : split(readEnvironmentVariable('AIA_COSMOS_READ_REGIONS', ''), ',')
param dataSku = readEnvironmentVariable('AIA_DATA_SKU', 'Standard_LRS')

param redis = bool(readEnvironmentVariable('AIA_REDIS', 'false'))
param redisSku = readEnvironmentVariable('AIA_REDIS_SKU', 'Balanced_B0')
param pubsubSku = readEnvironmentVariable('AIA_PUBSUB_SKU', 'Free_F1')
param pubsubUnits = int(readEnvironmentVariable('AIA_PUBSUB_UNITS', '1'))

param inferenceServer = bool(readEnvironmentVariable('AIA_INFERENCE_SERVER', 'false'))
param inferenceLocation = readEnvironmentVariable('AIA_INFERENCE_LOCATION', '')
param inferenceProfile = readEnvironmentVariable('AIA_INFERENCE_PROFILE', 'Consumption-GPU-NC8as-T4')
param inferenceImage = readEnvironmentVariable('AIA_INFERENCE_IMAGE', '')
param inferenceLoad = readEnvironmentVariable('AIA_INFERENCE_LOAD', 'all')
param inferenceMinReplicas = int(readEnvironmentVariable('AIA_INFERENCE_MIN_REPLICAS', '0'))
param inferenceMaxReplicas = int(readEnvironmentVariable('AIA_INFERENCE_MAX_REPLICAS', '1'))
param registrySku = readEnvironmentVariable('AIA_REGISTRY_SKU', 'Basic')

param privateNetwork = bool(readEnvironmentVariable('AIA_PRIVATE_NETWORK', 'false'))
param frontDoor = bool(readEnvironmentVariable('AIA_FRONT_DOOR', 'false'))
param alertMail = readEnvironmentVariable('AIA_ALERT_MAIL', '')
