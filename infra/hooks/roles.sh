# Gives PRINCIPAL the app role VALUE of the application CLIENT, unless it has it: grant_app_role CLIENT PRINCIPAL VALUE
grant_app_role() {
  graph="https://graph.microsoft.com/v1.0"
  resource="$(az ad sp show --id "$1" --query id --output tsv)"
  role="$(az ad sp show --id "$1" --query "appRoles[?value=='$3'] | [0].id" --output tsv)"
  if [ -z "$role" ]; then
    echo "The application registration $1 has no app role $3: give it those of infra/hooks/app-roles.json." >&2
    return 1
  fi
  present="$(az rest --method GET --url "$graph/servicePrincipals/$resource/appRoleAssignedTo" --query "value[?principalId=='$2' && appRoleId=='$role'] | [0].id" --output tsv)"
  if [ -z "$present" ]; then
    az rest --method POST --url "$graph/servicePrincipals/$resource/appRoleAssignedTo" --headers Content-Type=application/json \
      --body "{\"principalId\":\"$2\",\"resourceId\":\"$resource\",\"appRoleId\":\"$role\"}" --output none
    echo "$3 for $2."
  fi
}
