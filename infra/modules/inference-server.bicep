metadata description = 'The inference server: scales to zero, by requests at once, and gets no request before its models are warm.'

@description('Last part of the name.')
param token string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the Container Apps environment.')
param environmentId string

@description('Name of the workload profile.')
param profile string

@description('Type of the workload profile: decides processors, memory and device.')
param profileType string

@description('Name of the read-only mount of the models.')
param storageName string

@description('Resource id of its identity.')
param identityId string

@description('Client id of its identity.')
param identityClientId string

@description('Where its metrics, traces and logs go.')
param insightsConnectionString string

@description('Host name of the registry.')
param registry string

@description('Image with tag or digest.')
param image string

@description('Models to load and warm before it says ready: all, none, or names separated by commas.')
param load string

@description('Issuer of the tokens that callers show.')
param jwtIssuer string

@description('Audience of the tokens: client id of the application registration.')
param jwtAudience string

@description('Least replicas; 0 scales to zero.')
@minValue(0)
param minReplicas int

@description('Most replicas; each takes one GPU of the quota.')
@minValue(1)
param maxReplicas int

@description('Requests at once that one replica takes before another is started.')
@minValue(1)
param concurrentRequests int

@description('Seconds without a request before the last replica goes.')
@minValue(30)
param cooldownSeconds int

// A GPU replica has the whole of its machine.
var sizes = {
  Consumption: { cpu: 4, memory: '8Gi', device: 'cpu' }
  'Consumption-GPU-NC8as-T4': { cpu: 8, memory: '56Gi', device: 'cuda' }
  'Consumption-GPU-NC24-A100': { cpu: 24, memory: '220Gi', device: 'cuda' }
}
var size = sizes[profileType]

resource app 'Microsoft.App/containerApps@2026-01-01' = {
  name: 'ca-inference-${token}'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: profile
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        // "External" to the environment, which itself is inside the network: the function app reaches it, the internet does not.
        external: true
        targetPort: 8000
        transport: 'http'
        allowInsecure: false
      }
      registries: [{ server: registry, identity: identityId }]
      // Once the program runs, it needs tokens for what it tells Application Insights; for nothing else is it given a role.
      identitySettings: [{ identity: identityId, lifecycle: 'Main' }]
    }
    template: {
      containers: [
        {
          name: 'inference'
          image: image
          resources: { cpu: size.cpu, memory: size.memory }
          env: [
            { name: 'AIA_MODELS', value: '/models' }
            { name: 'AIA_URLS', value: 'http://0.0.0.0:8000' }
            { name: 'AIA_GRPC_URLS', value: 'none' }
            { name: 'AIA_DEVICE', value: size.device }
            { name: 'AIA_LOAD', value: load }
            // One broken model must not keep the others from serving.
            { name: 'AIA_EXIT_ON_ERROR', value: 'false' }
            { name: 'AIA_AUTH', value: 'jwt' }
            { name: 'AIA_JWT_ISSUER', value: jwtIssuer }
            { name: 'AIA_JWT_AUDIENCE', value: jwtAudience }
            { name: 'AZURE_CLIENT_ID', value: identityClientId }
            { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insightsConnectionString }
            { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'Authorization=AAD;ClientId=${identityClientId}' }
          ]
          volumeMounts: [
            { volumeName: 'models', mountPath: '/models' }
            { volumeName: 'scratch', mountPath: '/tmp' }
          ]
          probes: [
            {
              // Up to 100 s until it answers at all. Not ready: a failed start-up probe ends the container, and warming may take longer than ten tries allow.
              type: 'Startup'
              httpGet: { path: '/v2/health/live', port: 8000 }
              periodSeconds: 10
              failureThreshold: 10
            }
            {
              // 503 until every model of AIA_LOAD is loaded and has run once, however long that takes; until then no request comes.
              type: 'Readiness'
              httpGet: { path: '/v2/health/ready', port: 8000 }
              periodSeconds: 2
              failureThreshold: 1
              successThreshold: 1
            }
            {
              type: 'Liveness'
              httpGet: { path: '/v2/health/live', port: 8000 }
              periodSeconds: 20
              timeoutSeconds: 5
              failureThreshold: 3
            }
          ]
        }
      ]
      volumes: [
        { name: 'models', storageType: 'NfsAzureFile', storageName: storageName }
        { name: 'scratch', storageType: 'EmptyDir' }
      ]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        cooldownPeriod: cooldownSeconds
        rules: [
          {
            name: 'requests'
            http: { metadata: { concurrentRequests: string(concurrentRequests) } }
          }
        ]
      }
    }
  }
}

@description('Name of the app.')
output name string = app.name

@description('Resource id of the app.')
output id string = app.id

@description('Where it is, from inside the network.')
output address string = 'https://${app.properties.configuration.ingress.fqdn}'
