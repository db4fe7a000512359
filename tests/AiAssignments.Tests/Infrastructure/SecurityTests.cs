namespace AiAssignments.Tests.Infrastructure;

/// <summary>Who can reach what, with which credential.</summary>
public sealed class SecurityTests
{
    [BicepFact]
    public async Task Storage_has_no_shared_keys_and_no_public_container()
    {
        foreach (var deployment in await BothAsync())
        {
            Assert.All(deployment.Of("Microsoft.Storage/storageAccounts"), account =>
            {
                var properties = account["properties"]!;
                Assert.False((bool)properties["allowSharedKeyAccess"]!);
                Assert.False((bool)properties["allowBlobPublicAccess"]!);
                Assert.False((bool)properties["allowCrossTenantReplication"]!);
                Assert.Equal("TLS1_2", (string?)properties["minimumTlsVersion"]);
            });
            Assert.All(deployment.Of("Microsoft.Storage/storageAccounts/blobServices/containers"), container => Assert.Equal("None", (string?)container["properties"]!["publicAccess"]));
        }
    }

    [BicepFact]
    public async Task Only_the_share_of_models_goes_without_TLS_and_only_one_subnet_reaches_it()
    {
        var clear = (await Compiled.GetAsync()).Everything.Of("Microsoft.Storage/storageAccounts").Where(account => !(bool)account["properties"]!["supportsHttpsTrafficOnly"]!);

        var share = Assert.Single(clear);
        Assert.Equal("FileStorage", (string?)share["kind"]);
        Assert.Equal("Deny", (string?)share["properties"]!["networkAcls"]!["defaultAction"]);
        Assert.Equal("None", (string?)share["properties"]!["networkAcls"]!["bypass"]);
        Assert.Contains("containersSubnetId", (string?)Assert.Single(share["properties"]!["networkAcls"]!["virtualNetworkRules"]!.AsArray())!["id"]);
    }

    [BicepFact]
    public async Task Local_authentication_is_off_everywhere()
    {
        var all = (await Compiled.GetAsync()).Everything;

        Assert.True((bool)all.One("Microsoft.DocumentDB/databaseAccounts")["disableLocalAuth"]!);
        Assert.True((bool)all.One("Microsoft.DocumentDB/databaseAccounts")["disableKeyBasedMetadataWriteAccess"]!);
        Assert.True((bool)all.One("Microsoft.SignalRService/webPubSub")["disableLocalAuth"]!);
        Assert.Equal("deny", (string?)all.One("Microsoft.SignalRService/webPubSub/hubs")["anonymousConnectPolicy"]);
        Assert.True((bool)all.One("Microsoft.Insights/components")["DisableLocalAuth"]!);
        Assert.True((bool)all.One("Microsoft.OperationalInsights/workspaces")["features"]!["disableLocalAuth"]!);
        Assert.False((bool)all.One("Microsoft.ContainerRegistry/registries")["adminUserEnabled"]!);
        Assert.False((bool)all.One("Microsoft.ContainerRegistry/registries")["anonymousPullEnabled"]!);
        Assert.Equal("Disabled", (string?)all.One("Microsoft.Cache/redisEnterprise/databases")["accessKeysAuthentication"]);
        Assert.Equal("Encrypted", (string?)all.One("Microsoft.Cache/redisEnterprise/databases")["clientProtocol"]);
        Assert.All(all.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies"), policy => Assert.False((bool)policy["properties"]!["allow"]!));
        Assert.Equal(2, all.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Count);
    }

    [BicepFact]
    public async Task The_functions_app_has_its_storage_by_identity()
    {
        foreach (var deployment in await BothAsync())
        {
            var app = deployment.One("Microsoft.Web/sites");
            Assert.Equal("UserAssignedIdentity", (string?)app["functionAppConfig"]!["deployment"]!["storage"]!["authentication"]!["type"]);
            Assert.True((bool)app["httpsOnly"]!);
            Assert.Equal("managedidentity", deployment.Settings["AzureWebJobsStorage__credential"]);
            Assert.DoesNotContain("AzureWebJobsStorage", deployment.Settings.Keys);
            // Flex Consumption refuses these two.
            Assert.DoesNotContain("FUNCTIONS_WORKER_RUNTIME", deployment.Settings.Keys);
            Assert.DoesNotContain("FUNCTIONS_EXTENSION_VERSION", deployment.Settings.Keys);
        }
    }

    [BicepFact]
    public async Task Roles_are_these_on_these_and_each_says_why()
    {
        var all = (await Compiled.GetAsync()).Everything;
        var given = all.Of("Microsoft.Authorization/roleAssignments").Select(assignment =>
        {
            var properties = assignment["properties"]!;
            Assert.True(((string?)properties["description"])?.Length >= 12, "A role assignment does not say why.");
            var scope = ((string)assignment["id"]!).Split("/providers/Microsoft.Authorization/")[0].Split("/providers/");
            // Never a whole resource group or subscription.
            Assert.Equal(2, scope.Length);
            return $"{Roles[((string)properties["roleDefinitionId"]!).Split('/')[^1]]} on {Scope(scope[1])}";
        });

        Assert.Equal(
            [
                "AcrPull on registries",
                "Durable Task Data Contributor on schedulers",
                "Monitoring Metrics Publisher on components",
                "Monitoring Metrics Publisher on components",
                "Storage Blob Data Contributor on std",
                "Storage Blob Data Contributor on std/containers/datasets",
                "Storage Blob Data Contributor on std/containers/deadletters",
                "Storage Blob Data Contributor on std/containers/models",
                "Storage Blob Data Contributor on std/containers/serving",
                "Storage Blob Data Owner on sth",
                "Storage Blob Data Reader on std/containers/serving",
                "Storage Blob Data Reader on std/containers/store",
                "Storage Blob Delegator on std",
                "Storage Queue Data Contributor on std",
                "Storage Queue Data Contributor on sth",
                "Storage Queue Data Message Processor on std/queues/model-changes",
                "Storage Queue Data Message Sender on std/queues/model-changes",
                "Storage Queue Data Reader on std/queues/model-changes",
                "Storage Table Data Contributor on sth",
                "Web PubSub Service Owner on webPubSub",
            ],
            given.Order(StringComparer.Ordinal));
        var cosmos = all.One("Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments");
        Assert.EndsWith("/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002", (string?)cosmos["roleDefinitionId"]);
        Assert.EndsWith("/dbs/aia", (string?)cosmos["scope"]);
        Assert.Single(all.Of("Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments"));
    }

    [BicepFact]
    public async Task Without_more_said_there_is_no_role_for_what_is_not_there()
    {
        var usual = (await Compiled.GetAsync()).Usual;

        // Eight of the functions app, two of Event Grid.
        Assert.Equal(10, usual.Of("Microsoft.Authorization/roleAssignments").Count);
        Assert.Empty(usual.Of("Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments"));
    }

    [BicepFact]
    public async Task Private_network_has_an_endpoint_for_all_data_and_no_other_way_in()
    {
        var all = (await Compiled.GetAsync()).Everything;
        var endpoints = all.Of("Microsoft.Network/privateEndpoints");

        Assert.Equal(
            ["Sql", "blob", "blob", "queue", "queue", "redisEnterprise", "table"],
            endpoints.Select(endpoint => (string)endpoint["properties"]!["privateLinkServiceConnections"]![0]!["properties"]!["groupIds"]![0]!).Order(StringComparer.Ordinal));
        Assert.Equal(endpoints.Count, all.Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count);
        Assert.Equal("Disabled", (string?)all.One("Microsoft.DocumentDB/databaseAccounts")["publicNetworkAccess"]);
        Assert.Equal("Disabled", (string?)all.One("Microsoft.Cache/redisEnterprise")["publicNetworkAccess"]);
        Assert.All(all.Of("Microsoft.Storage/storageAccounts"), account => Assert.Equal("Deny", (string?)account["properties"]!["networkAcls"]!["defaultAction"]));
        var open = all.Of("Microsoft.Storage/storageAccounts").Where(account => (string?)account["kind"] == "StorageV2" && (string?)account["properties"]!["publicNetworkAccess"] != "Disabled");
        Assert.StartsWith("std", (string?)Assert.Single(open)["name"]);
        Assert.Equal(["containers", "endpoints", "functions"], all.One("Microsoft.Network/virtualNetworks")["subnets"]!.AsArray().Select(subnet => (string)subnet!["name"]!).Order(StringComparer.Ordinal));
    }

    [BicepFact]
    public async Task Without_it_there_is_no_network_at_all()
    {
        var usual = (await Compiled.GetAsync()).Usual;

        Assert.DoesNotContain(usual.Resources, resource => ((string)resource["type"]!).StartsWith("Microsoft.Network/", StringComparison.Ordinal));
    }

    [BicepFact]
    public async Task Behind_Front_Door_only_it_and_Event_Grid_come_in()
    {
        var site = (await Compiled.GetAsync()).Everything.One("Microsoft.Web/sites")["siteConfig"]!;

        Assert.Equal("Deny", (string?)site["ipSecurityRestrictionsDefaultAction"]);
        Assert.Equal(["AzureFrontDoor.Backend", "AzureEventGrid"], site["ipSecurityRestrictions"]!.AsArray().Select(rule => (string)rule!["ipAddress"]!));
        Assert.NotEmpty(site["ipSecurityRestrictions"]![0]!["headers"]!["x-azure-fdid"]!.AsArray());
        Assert.Equal("Allow", (string?)(await Compiled.GetAsync()).Usual.One("Microsoft.Web/sites")["siteConfig"]!["ipSecurityRestrictionsDefaultAction"]);
    }

    [BicepFact]
    public async Task Front_Door_keeps_nothing_but_files_whose_path_has_their_hash()
    {
        var routes = (await Compiled.GetAsync()).Everything.Named("Microsoft.Cdn/profiles/afdEndpoints/routes");

        var kept = Assert.Single(routes, route => route.Value["cacheConfiguration"] is not null);
        Assert.Equal(["/assets/*", "/docs/assets/*"], kept.Value["patternsToMatch"]!.AsArray().Select(pattern => (string)pattern!));
    }

    private static async Task<IReadOnlyList<Deployment>> BothAsync()
    {
        var compiled = await Compiled.GetAsync();
        return [compiled.Usual, compiled.Everything];
    }

    // Microsoft.Storage/storageAccounts/std…/blobServices/default/containers/x -> std/containers/x; others: their kind.
    private static string Scope(string path)
    {
        var parts = path.Split('/');
        return parts[0] != "Microsoft.Storage" ? parts[1] : parts.Length == 3 ? parts[2][..3] : $"{parts[2][..3]}/{parts[^2]}/{parts[^1]}";
    }

    // Built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["7f951dda-4ed3-4680-a7ca-43fe172d538d"] = "AcrPull",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = "Storage Blob Data Reader",
        ["db58b8e5-c6ad-4a2a-8342-4190687cbf4a"] = "Storage Blob Delegator",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["8a0f0c08-91a1-4084-bc3d-661d67233fed"] = "Storage Queue Data Message Processor",
        ["c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"] = "Storage Queue Data Message Sender",
        ["19e7f393-937e-4f77-808e-94535e297925"] = "Storage Queue Data Reader",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["12cf5a90-567b-43ae-8102-96cf46c7d9b4"] = "Web PubSub Service Owner",
    };
}
