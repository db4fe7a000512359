using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiAssignments.Azure.Documents;
using AiAssignments.Pipeline;
using AiAssignments.Pipeline.Comparisons;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Pipeline.Models.Quality;
using AiAssignments.Pipeline.Uploads;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>Containers, partition keys, indexes and times to live fit the documents and what the pipeline asks of them.</summary>
public sealed partial class DocumentIndexTests
{
    private const string Container = "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers";

    [BicepFact]
    public async Task Every_container_of_the_pipeline_is_there()
    {
        var there = (await Compiled.GetAsync()).Usual.Named(Container).Keys;
        var needed = typeof(Containers).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.Name != nameof(Containers.Partition)).Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(needed.Append("jobs").Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
    }

    [BicepFact]
    public async Task Every_container_is_parted_by_the_partition_and_indexes_nothing_unasked()
    {
        foreach (var (name, properties) in (await Compiled.GetAsync()).Usual.Named(Container))
        {
            var resource = properties["resource"]!;
            Assert.Equal(["/partition"], resource["partitionKey"]!["paths"]!.AsArray().Select(path => (string)path!));
            Assert.Equal("/*", (string?)Assert.Single(resource["indexingPolicy"]!["excludedPaths"]!.AsArray())!["path"]);
            Assert.Contains("/partition/?", Indexed(resource));
            Assert.All(Indexed(resource), path => Assert.Matches("^/(partition|value/[A-Za-z/]+)/\\?$", path));
            Assert.Equal(name, (string?)resource["id"]);
        }
    }

    [BicepFact]
    public async Task An_emulator_gets_the_containers_that_Azure_has()
    {
        var there = (await Compiled.GetAsync()).Usual.Named(Container);

        Assert.Equal(DocumentContainer.All.Select(container => container.Name).Order(StringComparer.Ordinal), there.Keys.Order(StringComparer.Ordinal));
        foreach (var container in DocumentContainer.All)
        {
            var resource = there[container.Name]["resource"]!;
            var properties = container.ToProperties();
            var policy = properties.IndexingPolicy;
            Assert.Equal(policy.IncludedPaths.Select(path => path.Path), Indexed(resource));
            Assert.Equal(policy.ExcludedPaths.Select(path => path.Path), resource["indexingPolicy"]!["excludedPaths"]!.AsArray().Select(path => (string)path!["path"]!));
            Assert.Equal(
                policy.CompositeIndexes.Select(index => string.Join(' ', index.Select(path => $"{path.Path} {path.Order.ToString().ToLowerInvariant()}"))),
                Composite(resource));
            Assert.Equal(properties.DefaultTimeToLive, (int)resource["defaultTtl"]!);
            Assert.Equal(properties.PartitionKeyPath, (string?)resource["partitionKey"]!["paths"]![0]);
        }
    }

    [BicepFact]
    public async Task Every_property_that_is_filtered_or_sorted_by_is_indexed()
    {
        var containers = (await Compiled.GetAsync()).Usual.Named(Container).ToDictionary(item => item.Key, item => Indexed(item.Value["resource"]!));
        var asked = new List<(string[] Containers, string Property, string Where)>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Pipeline"), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            var names = UsedContainer().Matches(text).Select(match => match.Groups[1].Value).Where(name => name != nameof(Containers.Partition)).Distinct()
                .Select(name => (string)typeof(Containers).GetField(name)!.GetRawConstantValue()!).ToArray();
            asked.AddRange(UsedProperty().Matches(text).Select(match => (names, match.Groups[1].Value, Path.GetFileName(file))));
        }

        Assert.True(asked.Count >= 8, "The pipeline's queries were not found.");
        var sorted = new List<(string Container, string Property)> { (Containers.Uploads, "createdAt") };
        sorted.AddRange(ModelViews.Sorts.Select(sort => (Containers.Models, ModelCatalog.DocumentQueryOf(new ModelQuery { Sort = sort }).OrderBy!)));
        sorted.AddRange(DatasetListing.Sorts.Select(sort => (Containers.Datasets, sort)));
        sorted.AddRange(ComparisonDesk.Sorts.Select(sort => (Containers.Comparisons, sort)));
        var resources = (await Compiled.GetAsync()).Usual.Named(Container).ToDictionary(item => item.Key, item => item.Value["resource"]!);
        Assert.All(sorted, sort => Assert.Contains($"/value/{sort.Property.Replace('.', '/')} ascending /id ascending", Composite(resources[sort.Container])));
        asked.AddRange(ModelViews.Sorts.Select(sort => (new[] { Containers.Models }, ModelCatalog.DocumentQueryOf(new ModelQuery { Sort = sort }).OrderBy!, nameof(ModelCatalog))));
        asked.AddRange(DatasetListing.Sorts.Select(sort => (new[] { Containers.Datasets }, sort, nameof(DatasetListing))));
        asked.AddRange(ComparisonDesk.Sorts.Select(sort => (new[] { Containers.Comparisons }, sort, nameof(ComparisonDesk))));
        asked.AddRange(new[] { "a", "b" }.Select(side => (new[] { Containers.Comparisons }, side, nameof(ComparisonFiles))));
        Assert.All(asked, query => Assert.True(
            query.Containers.Any(name => containers[name].Contains($"/value/{query.Property.Replace('.', '/')}/?")),
            $"{query.Where} asks {string.Join(" or ", query.Containers)} by {query.Property}, which is not indexed."));
    }

    [BicepFact]
    public async Task Nothing_is_forgotten_before_the_program_forgets_it()
    {
        var usual = (await Compiled.GetAsync()).Usual;
        var kept = usual.Named(Container).ToDictionary(item => item.Key, item => (int)item.Value["resource"]!["defaultTtl"]!);

        Assert.True(kept[Containers.Uploads] > new UploadOptions().KeepFor.TotalSeconds);
        Assert.True(kept[Containers.Idempotency] > TimeSpan.FromHours(24).TotalSeconds);
        Assert.Equal(30 * 86400, kept["jobs"]);
        Assert.All(kept.Where(item => item.Key is not (Containers.Uploads or Containers.Idempotency or "jobs")), item => Assert.Equal(-1, item.Value));
    }

    [BicepFact]
    public async Task Serverless_has_one_region_and_autoscale_those_asked_for()
    {
        var compiled = await Compiled.GetAsync();
        var usual = compiled.Usual.One("Microsoft.DocumentDB/databaseAccounts");
        var scaled = compiled.Everything.One("Microsoft.DocumentDB/databaseAccounts");

        Assert.Equal("EnableServerless", (string?)Assert.Single(usual["capabilities"]!.AsArray())!["name"]);
        Assert.Single(usual["locations"]!.AsArray());
        Assert.Null(compiled.Usual.One("Microsoft.DocumentDB/databaseAccounts/sqlDatabases")["options"]!["autoscaleSettings"]);
        Assert.Empty(scaled["capabilities"]!.AsArray());
        Assert.Equal(["westeurope", "northeurope", "Sweden Central"], scaled["locations"]!.AsArray().Select(region => (string)region!["locationName"]!));
        Assert.Equal([0, 1, 2], scaled["locations"]!.AsArray().Select(region => (int)region!["failoverPriority"]!));
        Assert.Equal(4000, (int?)compiled.Everything.One("Microsoft.DocumentDB/databaseAccounts/sqlDatabases")["options"]!["autoscaleSettings"]!["maxThroughput"]);
    }

    private static string[] Indexed(JsonNode resource) => [.. resource["indexingPolicy"]!["includedPaths"]!.AsArray().Select(path => (string)path!["path"]!)];

    private static string[] Composite(JsonNode resource) =>
        [.. resource["indexingPolicy"]!["compositeIndexes"]!.AsArray().Select(index => string.Join(' ', index!.AsArray().Select(path => $"{path!["path"]} {path["order"]}")))];

    [GeneratedRegex(@"\bContainers\.(\w+)")]
    private static partial Regex UsedContainer();

    [GeneratedRegex("(?:new DocumentFilter\\(|OrderBy = )\"([a-zA-Z.]+)\"")]
    private static partial Regex UsedProperty();
}
