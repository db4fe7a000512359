#!/bin/sh
# Makes the Event Grid subscriptions that start evaluations. They need the function app's key for blob events, which is there only once its code is.
set -eu

key=
said="$(mktemp)"
trap 'rm -f "$said"' EXIT
for attempt in 1 2 3 4 5 6 7 8 9 10 11 12; do
  key="$(az functionapp keys list --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" --name "$AZURE_FUNCTION_APP_NAME" \
    --query systemKeys.blobs_extension --output tsv 2>"$said" || true)"
  if [ -n "$key" ] && [ "$key" != None ]; then break; fi
  # The host starts when it is asked, and makes the key then.
  curl --silent --max-time 20 --output /dev/null "https://$AZURE_FUNCTION_APP_NAME.azurewebsites.net/api/health/live" || true
  sleep "${AIA_HOOK_PAUSE:-10}"
done
if [ -z "$key" ] || [ "$key" = None ]; then
  cat "$said" >&2
  echo "The function app has no key for blob events; is its code deployed, with a blob trigger whose source is Event Grid?" >&2
  exit 1
fi

deadletters="$AIA_DATA_ACCOUNT_ID/blobServices/default/containers/deadletters"

# subscribe FUNCTION CONTAINER
subscribe() {
  # BlobCreated alone says too little: a blob that is appended to, or created before it is flushed, is not complete. These calls are those that leave it whole.
  az eventgrid system-topic event-subscription create --name "$2" --subscription "$AZURE_SUBSCRIPTION_ID" \
    --resource-group "$AZURE_RESOURCE_GROUP" --system-topic-name "$AIA_EVENT_TOPIC" \
    --endpoint-type webhook \
    --endpoint "https://$AZURE_FUNCTION_APP_NAME.azurewebsites.net/runtime/webhooks/blobs?functionName=Host.Functions.$1&code=$key" \
    --included-event-types Microsoft.Storage.BlobCreated \
    --subject-begins-with "/blobServices/default/containers/$2/blobs/" \
    --advanced-filter data.api StringIn FlushWithClose PutBlob PutBlockList CopyBlob \
    --max-delivery-attempts 30 --event-ttl 1440 \
    --deadletter-identity systemassigned --deadletter-identity-endpoint "$deadletters" \
    --output none
  echo "What is dropped into $2 starts $1."
}

subscribe DatasetArrived datasets
subscribe ModelArrived models

echo "Page and gateway: $AIA_URL"
