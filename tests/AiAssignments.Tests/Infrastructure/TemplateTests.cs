using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>The templates as text and as ARM JSON.</summary>
public sealed partial class TemplateTests
{
    [BicepFact]
    public async Task Lint_says_nothing_of_any_module()
    {
        var (code, output, messages) = (await Compiled.GetAsync()).Lint;

        Assert.True(code == 0 && Remarks(output + messages).Length == 0, output + messages);
    }

    [BicepFact]
    public async Task Build_says_nothing()
    {
        var (code, _, messages) = (await Compiled.GetAsync()).Build;

        Assert.True(code == 0 && Remarks(messages).Length == 0, messages);
    }

    [Fact]
    public void Every_rule_that_is_on_is_an_error()
    {
        var rules = JsonNode.Parse(InfraFiles.Read("bicepconfig.json"))!["analyzers"]!["core"]!["rules"]!.AsObject();

        // Ages of API versions are a matter of the calendar: a build that was green must not turn red by waiting.
        Assert.Equal(["use-recent-api-versions"], rules.Where(rule => (string)rule.Value!["level"]! != "error").Select(rule => rule.Key));
    }

    [Fact]
    public void Every_module_is_used()
    {
        var used = InfraFiles.Templates.SelectMany(file => ModuleUse().Matches(file.Value).Select(match => match.Groups[1].Value)).ToHashSet();

        Assert.All(InfraFiles.Templates.Keys.Where(file => file != "main.bicep"), file => Assert.Contains(Path.GetFileName(file), used));
    }

    [BicepFact]
    public async Task Every_parameter_and_output_is_described()
    {
        var missing = Templates((await Compiled.GetAsync()).Template)
            .SelectMany(template => new[] { template["parameters"], template["outputs"] })
            .SelectMany(group => group?.AsObject() ?? [])
            .Where(item => ((string?)item.Value!["metadata"]?["description"])?.Length is null or < 5)
            .Select(item => item.Key);

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_module_says_what_it_is() => Assert.All(InfraFiles.Templates, file => Assert.Matches("(?m)^metadata description = '.{20,}'$", file.Value));

    [BicepFact]
    public async Task Nothing_asks_for_a_key_and_nothing_is_secret()
    {
        var compiled = await Compiled.GetAsync();
        var text = compiled.Build.Output;

        // listKeys, listSecrets, listConnectionStrings, listAccountSas, ...
        Assert.DoesNotMatch("\\blist[A-Z][A-Za-z]*\\(", text);
        Assert.DoesNotMatch("(?i)AccountKey=|SharedAccessKey|SharedAccessSignature|\\bsig=", text);
        var types = Templates(compiled.Template).SelectMany(template => new[] { template["parameters"], template["outputs"] }).SelectMany(group => group?.AsObject() ?? []).Select(item => (string?)item.Value!["type"]);
        Assert.DoesNotContain(types, type => type is not null && type.StartsWith("secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void No_location_is_written_down()
    {
        var region = Region();

        Assert.All(InfraFiles.Templates, file => Assert.DoesNotMatch(region, file.Value));
        Assert.DoesNotMatch(region, InfraFiles.Read("main.bicepparam"));
    }

    [BicepFact]
    public async Task Every_resource_stands_where_it_was_asked_for()
    {
        var compiled = await Compiled.GetAsync();

        Assert.All(compiled.Usual.Resources, resource => Assert.Contains((string?)resource["location"], new[] { null, "global", "westeurope" }));
        Assert.All(compiled.Everything.Resources, resource => Assert.Contains((string?)resource["location"], new[] { null, "global", "westeurope", "swedencentral" }));
    }

    [BicepFact]
    public async Task Every_resource_that_can_has_the_tag_of_the_environment()
    {
        var compiled = await Compiled.GetAsync();
        var tagged = compiled.Everything.Resources.Where(resource => resource.ContainsKey("location") && !((string)resource["type"]!).EndsWith("virtualNetworkLinks", StringComparison.Ordinal));

        Assert.All(tagged, resource => Assert.Equal("test", (string?)resource["tags"]?["azd-env-name"]));
    }

    [Fact]
    public void Parameters_file_names_only_what_is_there()
    {
        var declared = Declaration().Matches(InfraFiles.Main).Select(match => match.Groups[1].Value).ToHashSet();
        var given = Declaration().Matches(InfraFiles.Read("main.bicepparam")).Select(match => match.Groups[1].Value).ToList();

        Assert.All(given, name => Assert.Contains(name, declared));
        Assert.Equal(given.Count, given.Distinct().Count());
    }

    private static string[] Remarks(string messages) => [.. messages.Split('\n').Where(line => Remark().IsMatch(line))];

    private static IEnumerable<JsonNode> Templates(JsonNode template)
    {
        yield return template;
        var resources = template["resources"] switch { JsonArray list => list.Select(item => item!), JsonObject named => named.Select(item => item.Value!), _ => [] };
        foreach (var inner in resources.Select(resource => (resource["properties"] as JsonObject)?["template"]).OfType<JsonNode>().SelectMany(Templates))
        {
            yield return inner;
        }
    }

    [GeneratedRegex(@"\) : (Error|Warning|Info) ")]
    private static partial Regex Remark();

    [GeneratedRegex(@"(?m)(?:^(?:module \w+|import \{[^}]*\} from) )'(?:modules/)?([a-z-]+\.bicep)'")]
    private static partial Regex ModuleUse();

    [GeneratedRegex(@"(?m)^param (\w+)")]
    private static partial Regex Declaration();

    // Names that Azure gives its regions: a direction and a place.
    [GeneratedRegex(@"(?i)'(?:[a-z]+(?:central|east|west|north|south)\d?|(?:east|west|north|south|central)[a-z]+\d?)'")]
    private static partial Regex Region();
}
