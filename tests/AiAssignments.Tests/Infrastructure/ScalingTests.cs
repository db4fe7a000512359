using System.Globalization;
using System.Text.Json.Nodes;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>What runs, how much of it, and what idles at zero.</summary>
public sealed class ScalingTests
{
    [BicepFact]
    public async Task Nothing_that_is_billed_by_the_hour_is_made_unasked()
    {
        var usual = (await Compiled.GetAsync()).Usual;

        Assert.Equal("FC1", (string?)Assert.Single(usual.Of("Microsoft.Web/serverfarms"))["sku"]!["name"]);
        Assert.Empty(usual.One("Microsoft.Web/sites")["functionAppConfig"]!["scaleAndConcurrency"]!["alwaysReady"]!.AsArray());
        Assert.Equal("Free_F1", (string?)Assert.Single(usual.Of("Microsoft.SignalRService/webPubSub"))["sku"]!["name"]);
        string[] byTheHour = ["Microsoft.Cache/redisEnterprise", "Microsoft.ContainerRegistry/registries", "Microsoft.Network/privateEndpoints", "Microsoft.Cdn/profiles", "Microsoft.App/managedEnvironments", "Microsoft.DurableTask/schedulers"];
        Assert.All(byTheHour, type => Assert.Empty(usual.Of(type)));
    }

    [BicepFact]
    public async Task The_functions_app_scales_as_asked()
    {
        var config = (await Compiled.GetAsync()).Everything.One("Microsoft.Web/sites")["functionAppConfig"]!;

        Assert.Equal("""{"name":"dotnet-isolated","version":"10.0"}""", config["runtime"]!.ToJsonString());
        Assert.Equal(
            """{"instanceMemoryMB":4096,"maximumInstanceCount":40,"alwaysReady":[{"name":"http","instanceCount":2}],"triggers":{"http":{"perInstanceConcurrency":16}}}""",
            config["scaleAndConcurrency"]!.ToJsonString());
    }

    [BicepFact]
    public async Task The_inference_server_scales_to_zero_and_waits_for_its_models()
    {
        var app = (await Compiled.GetAsync()).Everything.One("Microsoft.App/containerApps");
        var template = app["template"]!;
        var container = Assert.Single(template["containers"]!.AsArray())!;

        Assert.Equal(0, (int)template["scale"]!["minReplicas"]!);
        Assert.Equal("32", (string?)Assert.Single(template["scale"]!["rules"]!.AsArray())!["http"]!["metadata"]!["concurrentRequests"]);
        var probes = container["probes"]!.AsArray().ToDictionary(probe => (string)probe!["type"]!, probe => (string)probe!["httpGet"]!["path"]!);
        Assert.Equal("/v2/health/ready", probes["Readiness"]);
        // A probe that ends the container must not ask for what takes as long as it takes.
        Assert.Equal("/v2/health/live", probes["Startup"]);
        Assert.Equal("/v2/health/live", probes["Liveness"]);
        Assert.All(container["probes"]!.AsArray(), probe => Assert.Equal((int)app["configuration"]!["ingress"]!["targetPort"]!, (int)probe!["httpGet"]!["port"]!));
        // The platform takes no more than ten tries.
        Assert.All(container["probes"]!.AsArray(), probe => Assert.InRange((int)probe!["failureThreshold"]!, 1, 10));
        Assert.Equal("cuda", Environment(container)["AIA_DEVICE"]);
    }

    [BicepFact]
    public async Task Models_are_mounted_without_a_key_and_cannot_be_changed_by_who_serves_them()
    {
        var all = (await Compiled.GetAsync()).Everything;
        var storages = all.Named("Microsoft.App/managedEnvironments/storages");

        Assert.All(storages.Values, storage => Assert.Null(storage["azureFile"]));
        Assert.Equal("ReadOnly", (string?)storages["models-read"]["nfsAzureFile"]!["accessMode"]);
        Assert.Equal("ReadWrite", (string?)storages["models-write"]["nfsAzureFile"]!["accessMode"]);
        Assert.Contains("readableStorage", (string?)all.One("Microsoft.App/containerApps")["template"]!["volumes"]![0]!["storageName"]);
        Assert.Contains("writableStorage", (string?)all.One("Microsoft.App/jobs")["template"]!["volumes"]![0]!["storageName"]);
        Assert.True((bool)all.One("Microsoft.App/managedEnvironments")["vnetConfiguration"]!["internal"]!);
        Assert.Equal("azure-monitor", (string?)all.One("Microsoft.App/managedEnvironments")["appLogsConfiguration"]!["destination"]);
    }

    [BicepFact]
    public async Task A_gateway_before_a_server_that_scales_to_zero_neither_keeps_it_awake_nor_gives_up_early()
    {
        var settings = (await Compiled.GetAsync()).Everything.Settings;

        Assert.Equal("0", settings["Inference__HealthIntervalSeconds"]);
        Assert.InRange(int.Parse(settings["Inference__TimeoutSeconds"], CultureInfo.InvariantCulture), 120, 239);
        Assert.Equal("32", settings["Inference__FanOutWidth"]);
    }

    [BicepFact]
    public async Task Models_to_serve_are_told_of_once_complete()
    {
        var subscription = (await Compiled.GetAsync()).Everything.One("Microsoft.EventGrid/systemTopics/eventSubscriptions");

        Assert.Equal("/.complete", (string?)subscription["filter"]!["subjectEndsWith"]);
        Assert.Equal("/blobServices/default/containers/serving/blobs/", (string?)subscription["filter"]!["subjectBeginsWith"]);
        Assert.Equal("SystemAssigned", (string?)subscription["deliveryWithResourceIdentity"]!["identity"]!["type"]);
        // Given up, it is kept and alerts; dropped, nothing would tell of it.
        var kept = subscription["deadLetterWithResourceIdentity"]!;
        Assert.Equal("SystemAssigned", (string?)kept["identity"]!["type"]);
        Assert.Equal("deadletters", (string?)kept["deadLetterDestination"]!["properties"]!["blobContainerName"]);
    }

    [BicepFact]
    public async Task Documents_are_read_first_where_the_app_is()
    {
        Assert.Equal("westeurope", (await Compiled.GetAsync()).Usual.Settings["Cosmos__PreferredRegions"]);
        Assert.Equal("Sweden Central,westeurope,northeurope", (await Compiled.GetAsync()).Everything.Settings["Cosmos__PreferredRegions"]);
    }

    [BicepFact]
    public async Task Regions_of_documents_can_be_added_later()
    {
        // An account refuses a change of its regions and of failover in one request.
        Assert.False((bool)(await Compiled.GetAsync()).Usual.One("Microsoft.DocumentDB/databaseAccounts")["enableAutomaticFailover"]!);
        Assert.True((bool)(await Compiled.GetAsync()).Everything.One("Microsoft.DocumentDB/databaseAccounts")["enableAutomaticFailover"]!);
        Assert.Matches("(?m)^ +enableAutomaticFailover: !serverless$", InfraFiles.Templates["modules/cosmos.bicep"]);
    }

    [BicepFact]
    public async Task Lifecycle_rules_begin_with_containers_that_are_there()
    {
        var usual = (await Compiled.GetAsync()).Usual;
        var containers = usual.Named("Microsoft.Storage/storageAccounts/blobServices/containers").Keys;
        var rules = usual.One("Microsoft.Storage/storageAccounts/managementPolicies")["policy"]!["rules"]!.AsArray();

        Assert.Equal(["forgotten-work", "deadletters", "drops", "cool"], rules.Select(rule => (string)rule!["name"]!));
        Assert.All(rules.SelectMany(rule => rule!["definition"]!["filters"]!["prefixMatch"]!.AsArray()), prefix => Assert.Contains(((string)prefix!).Split('/')[0], containers));
        // Reports and staged datasets are moved, never deleted.
        Assert.All(
            rules.Where(rule => rule!["definition"]!["actions"]!["baseBlob"]!["delete"] is not null).SelectMany(rule => rule!["definition"]!["filters"]!["prefixMatch"]!.AsArray()),
            prefix => Assert.DoesNotMatch("^(store/(staged|reports|models|inspections)/|store/?$|serving)", (string)prefix!));
    }

    private static Dictionary<string, string> Environment(JsonNode container) =>
        container["env"]!.AsArray().ToDictionary(item => (string)item!["name"]!, item => (string)item!["value"]!, StringComparer.Ordinal);
}
