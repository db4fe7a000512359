#!/bin/sh
# Refuses what cannot be deployed, and makes the application registration whose tokens the gateway and the inference server take, or finds it again.
# It has no secret: callers come with tokens of their own identities. AIA_ENTRA=false leaves it out (API keys only, no inference server).
set -eu
here="$(dirname "$0")"

refuse() {
  echo "$1" >&2
  exit 1
}

compute="${AIA_INFERENCE_LOCATION:-${AZURE_LOCATION:-}}"
if [ -n "${AIA_COMPUTE_LOCATION:-}" ] && [ "$AIA_COMPUTE_LOCATION" != "$compute" ]; then
  refuse "The Functions app stands in $AIA_COMPUTE_LOCATION and cannot be moved to $compute: set AIA_INFERENCE_LOCATION to where it stands, or make another environment (azd env new) and set it there before the first azd up."
fi
if [ "${AIA_ENTRA:-true}" = false ] && [ "${AIA_INFERENCE_SERVER:-false}" = true ]; then
  refuse "The inference server takes tokens only, so AIA_INFERENCE_SERVER needs an application registration, which AIA_ENTRA=false leaves out: set AIA_ENTRA to true, or AIA_INFERENCE_SERVER to false."
fi

if [ "${AIA_PRIVATE_NETWORK:-false}" = true ] || [ "${AIA_INFERENCE_SERVER:-false}" = true ]; then
  # The Functions app's subnet is delegated to this provider, which a subscription does not have from the start.
  az provider register ${AZURE_SUBSCRIPTION_ID:+--subscription "$AZURE_SUBSCRIPTION_ID"} --namespace Microsoft.App --wait --output none
fi

if [ "${AIA_ENTRA:-true}" = false ]; then
  echo "No application registration: AIA_ENTRA is false."
  if [ -n "${AIA_API_CLIENT_ID:-}" ]; then
    azd env set AIA_API_CLIENT_ID ""
  fi
  if [ -z "${AIA_ADMIN_KEY:-}" ]; then
    # Without tokens, somebody must have a key to make others with. It stays on this machine: what is deployed is its hash.
    AIA_ADMIN_KEY="$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
    azd env set AIA_ADMIN_KEY "$AIA_ADMIN_KEY"
    echo "An administrator's key was made: azd env get-value AIA_ADMIN_KEY."
  fi
  . "$here/hash.sh"
  azd env set AIA_ADMIN_KEY_HASH "$(printf %s "$AIA_ADMIN_KEY" | hash | cut -d ' ' -f 1)"
  exit 0
fi

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

if [ "$(az ad app show --id "$client" --query displayName --output tsv)" != "$name" ]; then
  # Somebody's own: what it has is asked for, and nothing of it is changed.
  version="$(az ad app show --id "$client" --query api.requestedAccessTokenVersion --output tsv)"
  if [ "$version" != 2 ]; then
    refuse "The application registration $client of AIA_API_CLIENT_ID gives tokens of version 1; requestedAccessTokenVersion must be 2."
  fi
  for role in aia.read aia.write aia.admin; do
    if [ -z "$(az ad app show --id "$client" --query "appRoles[?value=='$role'] | [0].id" --output tsv)" ]; then
      refuse "The application registration $client of AIA_API_CLIENT_ID has no app role $role: give it those of infra/hooks/app-roles.json."
    fi
  done
else
  # Tokens of version 2: their audience is the client id, their issuer ends in /v2.0. People get theirs through the Azure CLI, which need not be consented to; what they may do is said by
  # their roles. The permission must be there before an application is authorized for it.
  application="$(az ad app show --id "$client" --query id --output tsv)"
  scope=5b6a1f5e-3c1d-4a52-9a43-0d3f7a6f1a00
  azure_cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46
  api="\"requestedAccessTokenVersion\":2,\"oauth2PermissionScopes\":[{\"id\":\"$scope\",\"value\":\"user_impersonation\",\"type\":\"User\",\"isEnabled\":true,\"adminConsentDisplayName\":\"Call AI Assignments\",\"adminConsentDescription\":\"Calls the gateway as the signed-in user, with his roles.\"}]"
  az rest --method PATCH --url "$graph/applications/$application" --headers Content-Type=application/json \
    --body "{\"identifierUris\":[\"api://$client\"],\"api\":{$api}}" --output none
  az rest --method PATCH --url "$graph/applications/$application" --headers Content-Type=application/json \
    --body "{\"api\":{$api,\"preAuthorizedApplications\":[{\"appId\":\"$azure_cli\",\"delegatedPermissionIds\":[\"$scope\"]}]}}" --output none
fi
az ad sp show --id "$client" --output none 2>/dev/null || az ad sp create --id "$client" --output none

azd env set AIA_API_CLIENT_ID "$client"
