metadata description = 'Alerts on what a person would want to be woken for. Each asks the logs; thresholds are parameters.'

@description('Last part of the names.')
param token string

@description('Region of the workspace.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Resource id of the Event Grid system topic.')
param topicId string

@description('Mail address that alerts go to; empty: they are only shown.')
param mailAddress string

@description('Share of requests that fail with 500 or above, percent, over 15 minutes.')
param errorPercent int

@description('99th percentile of the time of a prediction, ms, over 15 minutes.')
param slowMilliseconds int

@description('Rows that wait for a batch, on average over 10 minutes.')
param queueRows int

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(mailAddress)) {
  name: 'ag-${token}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'aia'
    emailReceivers: [{ name: 'mail', emailAddress: mailAddress, useCommonAlertSchema: true }]
  }
}

var queries = [
  {
    name: 'errors'
    title: 'Requests fail'
    text: 'More requests than allowed ended with a status of 500 or above.'
    severity: 1
    window: 'PT15M'
    // 20 requests at least: one failure of two is no trend. Not those of the inference server, most of which are probes; what fails there fails here too.
    query: 'AppRequests | where AppRoleName != "aia-inference" and toint(ResultCode) >= 100 | summarize All = sum(ItemCount), Failed = sumif(ItemCount, toint(ResultCode) >= 500) | where All >= 20 | extend Percent = 100.0 * Failed / All | project Percent'
    column: 'Percent'
    threshold: errorPercent
  }
  {
    name: 'slow'
    title: 'Predictions are slow'
    text: 'The 99th percentile of the time of a prediction is above what is allowed.'
    severity: 2
    window: 'PT15M'
    query: 'AppRequests | where Url has "/predict" and Success == true | summarize Count = sum(ItemCount), P99 = percentile(DurationMs, 99) | where Count >= 100 | project P99'
    column: 'P99'
    threshold: slowMilliseconds
  }
  {
    name: 'queue'
    title: 'Rows wait for inference'
    text: 'More rows wait for a batch than are allowed: more instances or replicas are needed, or a model is stuck.'
    severity: 2
    window: 'PT10M'
    query: 'AppMetrics | where Name == "inference_queue_length" | summarize Rows = max(Max) by bin(TimeGenerated, 1m), AppRoleInstance, Model = tostring(Properties["model"]) | summarize Rows = sum(Rows) by TimeGenerated | summarize Rows = avg(Rows)'
    column: 'Rows'
    threshold: queueRows
  }
  {
    name: 'orchestrations'
    title: 'An orchestration failed'
    text: 'An evaluation or an optimization ended with an error after all of its retries.'
    severity: 2
    window: 'PT15M'
    // Durable Task makes a span of each orchestration, which may be sampled away; the app counts those that ended.
    query: 'union (AppRequests | where Name startswith "orchestration:" and Success == false | summarize Failed = todouble(dcount(tostring(Properties["durabletask.task.instance_id"])))), (AppMetrics | where Name == "workflows_ended" and tostring(Properties["status"]) == "failed" | summarize Failed = sum(Sum)) | summarize Failed = max(Failed)'
    column: 'Failed'
    threshold: 0
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for item in queries: {
    name: 'alert-${item.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: item.title
      description: item.text
      severity: item.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: item.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: item.query
            metricMeasureColumn: item.column
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: item.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: empty(mailAddress) ? [] : [people.id] }
    }
  }
]

// A dataset whose event was given up would never be evaluated, and nothing else would say so.
resource undelivered 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-events-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Event Grid gave up on an event; it lies in the container "deadletters".'
    severity: 1
    enabled: true
    scopes: [topicId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'deadlettered'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: 'DeadLetteredCount'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: empty(mailAddress) ? [] : [{ actionGroupId: people.id }]
  }
}
