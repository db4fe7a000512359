#!/bin/sh
# Makes the application registration whose tokens the gateway and the inference server take, or finds it again.
# It has no secret: callers come with tokens of their own identities. AIA_ENTRA=false leaves it out (API keys only, no inference server).
set -eu

if [ "${AIA_ENTRA:-true}" = false ]; then
  echo "No application registration: AIA_ENTRA is false."
  exit 0
fi

here="$(dirname "$0")"
name="aia-$AZURE_ENV_NAME"
graph="https://graph.microsoft.com/v1.0"

client="${AIA_API_CLIENT_ID:-}"
if [ -z "$client" ]; then
  client="$(az ad app list --display-name "$name" --query "[?displayName=='$name'] | [0].appId" --output tsv)"
fi
if [ -z "$client" ]; then
  client="$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --app-roles "@$here/app-roles.json" --query appId --output tsv)"
  echo "Application registration $name: $client."
fi

# Tokens of version 2: their audience is the client id, their issuer ends in /v2.0.
application="$(az ad app show --id "$client" --query id --output tsv)"
az rest --method PATCH --url "$graph/applications/$application" --headers Content-Type=application/json \
  --body "{\"identifierUris\":[\"api://$client\"],\"api\":{\"requestedAccessTokenVersion\":2}}" --output none
az ad sp show --id "$client" --output none 2>/dev/null || az ad sp create --id "$client" --output none

azd env set AIA_API_CLIENT_ID "$client"
